package io.github.openaikserve.examples.spring;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.httpclient.InProcessHttpClient;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.api.OpenAiApi;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/** Spring AI 1.1 in the same process as the service, without a server or a socket. */
public final class SpringAi1Example {
  private SpringAi1Example() {}

  /** Calls the AnyServe at the given {@code host:port}. */
  public static void main(String[] args) {
    try (var backend = GrpcBackend.connect(args.length == 0 ? "localhost:8000" : args[0])) {
      var openai =
          OpenAiKServe.builder(backend)
              .model(
                  "llamacpp", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML))
              .abortFailedStreams(true) // Spring AI 1 does not read events of errors
              .build();
      System.out.println(model(openai.httpHandler()).call("What is the capital of France?"));
    }
  }

  static OpenAiChatModel model(OpenAiHandler handler) {
    var client = InProcessHttpClient.newHttpClient(handler);
    var api =
        OpenAiApi.builder()
            .baseUrl("http://in-process")
            .apiKey("none")
            .restClientBuilder(
                RestClient.builder().requestFactory(new JdkClientHttpRequestFactory(client)))
            .webClientBuilder(
                WebClient.builder().clientConnector(new JdkClientHttpConnector(client)))
            .build();
    return OpenAiChatModel.builder()
        .openAiApi(api)
        .defaultOptions(OpenAiChatOptions.builder().model("llamacpp").build())
        .build();
  }
}
