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
   * Writes the headers, too, whose names speak of authorization, cookies, keys, tokens, secrets,
   * passwords or credentials; they are left out unless set.
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
