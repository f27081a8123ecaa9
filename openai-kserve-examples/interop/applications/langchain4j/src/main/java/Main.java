import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.langchain4j.KServeChatModel;
import io.github.openaikserve.testserver.KServeTestServer;

final class Main {
  public static void main(String[] args) {
    try (var server = KServeTestServer.start();
        var backend = GrpcBackend.connect(server.target());
        var openai =
            OpenAiKServe.builder(backend)
                .model("m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML))
                .build()) {
      System.out.println(KServeChatModel.builder(openai).build().chat("Hi"));
    }
  }
}
