package io.github.openaikserve.examples.spring;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.openaijava.InProcessOpenAi;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;

/** Spring AI 2, which uses openai-java, in the same process as the service. */
public final class SpringAi2Example {
  private SpringAi2Example() {}

  /** Calls the AnyServe at the given {@code host:port}. */
  public static void main(String[] args) {
    try (var backend = GrpcBackend.connect(args.length == 0 ? "localhost:8000" : args[0])) {
      var openai =
          OpenAiKServe.builder(backend)
              .model(
                  "llamacpp", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML))
              .build();
      System.out.println(model(openai.httpHandler()).call("What is the capital of France?"));
    }
  }

  static OpenAiChatModel model(OpenAiHandler handler) {
    var client = InProcessOpenAi.client(handler);
    return OpenAiChatModel.builder()
        .openAiClient(client)
        .openAiClientAsync(client.async())
        .options(OpenAiChatOptions.builder().model("llamacpp").build())
        .build();
  }
}
