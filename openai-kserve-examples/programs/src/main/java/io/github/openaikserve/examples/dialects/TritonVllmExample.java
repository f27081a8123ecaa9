package io.github.openaikserve.examples.dialects;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;

/** A chat with a vLLM model on Triton. */
public final class TritonVllmExample {
  private TritonVllmExample() {}

  /** Returns the text of the answer. */
  public static String ask(String target) {
    try (var backend = GrpcBackend.connect(target)) { // such as localhost:8001
      var dialect = Dialects.detect(backend, "vllm").join().requireDialect();
      var openai =
          OpenAiKServe.builder(backend)
              .model("vllm", m -> m.dialect(dialect).chatTemplate(ChatTemplates.CHATML))
              .build();
      return openai
          .chatCompletions()
          .create(r -> r.user("Tell me a story.").temperature(0.7).seed(7L))
          .text();
    }
  }
}
