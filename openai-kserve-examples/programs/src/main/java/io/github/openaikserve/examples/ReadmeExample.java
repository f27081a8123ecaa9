package io.github.openaikserve.examples;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.openai.ChatCompletion;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The code of the README. */
final class ReadmeExample {
  private ReadmeExample() {}

  static void tenLines() {
    try (var backend = GrpcBackend.connect("localhost:8001")) { // Triton with its vLLM backend
      var openai =
          OpenAiKServe.builder(backend)
              .model(
                  "llama", m -> m.dialect(Dialects.TRITON_VLLM).chatTemplate(ChatTemplates.LLAMA3))
              .build();

      ChatCompletion completion =
          openai.chatCompletions().create(r -> r.user("What is the capital of France?"));
      System.out.println(completion.text());

      try (var chunks = openai.chatCompletions().stream(r -> r.user("Tell me a story."))) {
        chunks.forEach(chunk -> System.out.print(chunk.text())); // closing it cancels the call
      }
    }
  }

  static CompletableFuture<ApiResponse> mounted(
      OpenAiKServe openai, Map<String, List<String>> headers, byte[] body) {
    OpenAiHandler handler = openai.httpHandler();
    CompletableFuture<ApiResponse> response =
        handler.handle(new ApiRequest("POST", "/v1/chat/completions", headers, body));
    return response;
  }
}
