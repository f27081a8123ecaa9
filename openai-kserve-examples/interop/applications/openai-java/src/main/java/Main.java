import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.openaijava.InProcessOpenAi;
import io.github.openaikserve.testserver.KServeTestServer;

final class Main {
  public static void main(String[] args) {
    try (var server = KServeTestServer.start();
        var backend = GrpcBackend.connect(server.target());
        var openai =
            OpenAiKServe.builder(backend)
                .model("m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML))
                .build()) {
      var question = ChatCompletionCreateParams.builder().model("m").addUserMessage("Hi").build();
      var answer = InProcessOpenAi.client(openai.httpHandler()).chat().completions().create(question);
      System.out.println(answer.choices().get(0).message().content().orElseThrow());
    }
  }
}
