package io.github.openaikserve.examples.dialects;

import static io.github.openaikserve.dialect.RequestField.MAX_TOKENS;
import static io.github.openaikserve.kserve.Datatype.INT32;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;

/** A custom handler on TorchServe. */
public final class TorchServeExample {
  static final Dialect HANDLER =
      Dialects.generic("prompt", "text").input("max_tokens", INT32, MAX_TOKENS).unary().build();

  private TorchServeExample() {}

  /** Returns the text of the answer. */
  public static String ask(String target) {
    try (var backend =
        GrpcBackend.builder()
            .target(target) // such as localhost:7070
            .service("org.pytorch.serve.grpc.openinference.GRPCInferenceService")
            .build()) {
      var openai = OpenAiKServe.builder(backend).model("own", HANDLER).build();
      return openai.completions().create(r -> r.prompt("Once upon a time").maxTokens(64)).text();
    }
  }
}
