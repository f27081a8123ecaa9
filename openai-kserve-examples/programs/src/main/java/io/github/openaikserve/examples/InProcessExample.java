package io.github.openaikserve.examples;

import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.httpclient.InProcessHttpClient;
import io.github.openaikserve.openaijava.InProcessOpenAi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Calls the service with HTTP clients in the same process, without a server or a socket. */
public final class InProcessExample {
  private InProcessExample() {}

  /** Calls the AnyServe at {@code host:port}, the only argument, with each client. */
  public static void main(String[] args) throws IOException, InterruptedException {
    try (var backend = GrpcBackend.connect(args.length == 0 ? "localhost:8000" : args[0])) {
      var openai =
          OpenAiKServe.builder(backend)
              .model(
                  "llamacpp", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML))
              .build();
      System.out.println(jdkClient(openai.httpHandler()));
      System.out.println(openAiJava(openai.httpHandler(), "What is the capital of France?"));
    }
  }

  static String jdkClient(OpenAiHandler handler) throws IOException, InterruptedException {
    HttpClient client = InProcessHttpClient.newHttpClient(handler);
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://in-process/v1/models")).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  static String openAiJava(OpenAiHandler handler, String question) {
    var client = InProcessOpenAi.client(handler);
    return client
        .chat()
        .completions()
        .create(
            ChatCompletionCreateParams.builder().model("llamacpp").addUserMessage(question).build())
        .choices()
        .get(0)
        .message()
        .content()
        .orElseThrow();
  }
}
