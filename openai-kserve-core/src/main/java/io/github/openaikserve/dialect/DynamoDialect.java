package io.github.openaikserve.dialect;

import static io.github.openaikserve.dialect.RequestField.PROMPT;
import static io.github.openaikserve.dialect.RequestField.STREAM;
import static io.github.openaikserve.dialect.ResponseField.FINISH_REASON;
import static io.github.openaikserve.dialect.ResponseField.TEXT;
import static io.github.openaikserve.kserve.Datatype.BOOL;
import static io.github.openaikserve.kserve.Datatype.BYTES;

/** See {@link Dialects#DYNAMO}. */
final class DynamoDialect {
  private DynamoDialect() {}

  static DialectBuilder table() {
    return Dialect.builder("dynamo")
        .input("text_input", BYTES, PROMPT)
        .input("stream", BOOL, STREAM, input -> input.whenAbsent(false).aliases("streaming"))
        .output("text_output", TEXT)
        .output("finish_reason", FINISH_REASON)
        .foldsFromStream();
  }
}
