package io.github.openaikserve.examples.dialects;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import java.util.List;

/** A chat with TensorRT-LLM's ensemble on Triton. */
public final class TensorRtLlmExample {
  private TensorRtLlmExample() {}

  /** Returns the text of the answer. */
  public static String ask(String target) {
    try (var backend = GrpcBackend.connect(target)) { // such as localhost:8001
      var dialect = Dialects.detect(backend, "ensemble").join().requireDialect();
      var openai =
          OpenAiKServe.builder(backend)
              .model(
                  "llama",
                  m ->
                      m.dialect(dialect)
                          .modelName("ensemble")
                          .chatTemplate(ChatTemplates.byName("llama3").orElseThrow()))
              .build();
      return openai
          .chatCompletions()
          .create(r -> r.user("Tell me a story.").maxTokens(64).stop(List.of("THE END")))
          .text();
    }
  }
}
