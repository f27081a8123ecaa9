package io.github.openaikserve.examples.dialects;

import static io.github.openaikserve.dialect.RequestField.MAX_TOKENS;
import static io.github.openaikserve.dialect.RequestField.STREAM;
import static io.github.openaikserve.dialect.ResponseField.FINISH_REASON;
import static io.github.openaikserve.kserve.Datatype.BOOL;
import static io.github.openaikserve.kserve.Datatype.UINT32;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;

/** A custom model on Triton, whose tensor names are set explicitly. */
public final class GenericExample {
  static final Dialect ACME =
      Dialects.generic("question", "reply")
          .input("budget", UINT32, MAX_TOKENS)
          .input("live", BOOL, STREAM)
          .output("why", FINISH_REASON)
          .decoupled()
          .build();

  private GenericExample() {}

  /** Returns the text of the answer. */
  public static String ask(String target) {
    try (var backend = GrpcBackend.connect(target)) { // such as localhost:8001
      var openai = OpenAiKServe.builder(backend).model("acme", ACME).build();
      return openai.completions().create(r -> r.prompt("Once upon a time").maxTokens(64)).text();
    }
  }
}
