package io.github.openaikserve.examples.dialects;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;

/** A streamed chat with TensorRT-LLM's LLM API model on Triton. */
public final class TensorRtLlmApiExample {
  private TensorRtLlmApiExample() {}

  /** Returns the text of a streamed answer. */
  public static String ask(String target) {
    try (var backend = GrpcBackend.connect(target)) { // such as localhost:8001
      var dialect = Dialects.detect(backend, "tensorrt_llm").join().requireDialect();
      var openai =
          OpenAiKServe.builder(backend)
              .model("tensorrt_llm", m -> m.dialect(dialect).chatTemplate(ChatTemplates.CHATML))
              .build();
      var text = new StringBuilder();
      try (var chunks = openai.chatCompletions().stream(r -> r.user("Tell me a story."))) {
        chunks.forEach(chunk -> text.append(chunk.text())); // leaving the block cancels the rest
      }
      return text.toString();
    }
  }
}
