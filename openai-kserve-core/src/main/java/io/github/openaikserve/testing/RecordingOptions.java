package io.github.openaikserve.testing;

import java.util.Objects;

/** How a {@link RecordingBackend} records. Not thread-safe. */
public final class RecordingOptions {
  private Redaction redaction = Redaction.none();
  private boolean secrets;

  RecordingOptions() {}

  /** What is written in place of texts; nothing is redacted unless set. */
  public RecordingOptions redact(Redaction redaction) {
    this.redaction = Objects.requireNonNull(redaction, "redaction");
    return this;
  }

  /**
   * Writes all headers (default: only {@code x-request-id}, {@code traceparent}, {@code tracestate}
   * and {@code triton_grpc_error}).
   */
  public RecordingOptions secretHeaders() {
    this.secrets = true;
    return this;
  }

  Redaction redaction() {
    return redaction;
  }

  boolean withholds(String header) {
    return !secrets && MessageForm.isSecret(header);
  }
}
