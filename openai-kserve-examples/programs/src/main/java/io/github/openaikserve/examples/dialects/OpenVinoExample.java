package io.github.openaikserve.examples.dialects;

import static io.github.openaikserve.dialect.RequestField.MAX_TOKENS;
import static io.github.openaikserve.kserve.Datatype.INT32;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;

/** OpenVINO Model Server: a graph that generates text, and a single model for embeddings. */
public final class OpenVinoExample {
  static final Dialect GRAPH =
      Dialects.generic("prompt", "completion")
          .input("max_tokens", INT32, MAX_TOKENS)
          .decoupled()
          .build();

  private OpenVinoExample() {}

  /** Returns the text of the answer. */
  public static String ask(String target) {
    try (var backend = GrpcBackend.connect(target)) { // such as localhost:9000
      var openai =
          OpenAiKServe.builder(backend)
              .model("python_llm", GRAPH)
              .model("usem", m -> m.embeddingDialect(Dialects.embeddings("inputs", "outputs")))
              .build();
      return openai.completions().create(r -> r.model("python_llm").prompt("Once")).text();
    }
  }
}
