package io.github.openaikserve.testing;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.OpenAiException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Failures as fields of a line: {@code status} and {@code message}, and {@code said_by_server}
 * where the server reported it; or {@code malformed} for an answer that could not be read.
 */
final class FailureForm {
  static final String STATUS = "status";
  static final String MALFORMED = "malformed";
  static final String MESSAGE = "message";
  static final String SAID_BY_SERVER = "said_by_server";

  private FailureForm() {}

  static void write(Map<String, @Nullable Object> line, Throwable failure, Redaction redaction) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof DialectException dialect) {
      line.put(MALFORMED, message(dialect, redaction));
    } else if (cause instanceof BackendException backend) {
      line.put(STATUS, backend.backendCode().name());
      line.put(MESSAGE, message(backend, redaction));
      if (backend.saidByServer()) {
        line.put(SAID_BY_SERVER, true);
      }
    } else {
      // A backend that breaks the contract: whose message it is nobody knows.
      line.put(STATUS, BackendCode.UNKNOWN.name());
      line.put(MESSAGE, cause.getClass().getName());
    }
  }

  private static String message(OpenAiException failure, Redaction redaction) {
    String message = String.valueOf(failure.getMessage());
    return redaction.redact(Redaction.Place.MESSAGE, "", message);
  }

  /** The failure that a line tells of; null where it tells of none. */
  static @Nullable OpenAiException read(Fields line) {
    if (line.has(MALFORMED)) {
      return new DialectException(line.text(MALFORMED));
    }
    if (!line.has(STATUS) || line.text(STATUS).equals("OK")) {
      return null;
    }
    BackendCode code = line.word(STATUS, BackendCode.class);
    return line.bool(SAID_BY_SERVER)
        ? BackendException.fromServer(code, line.text(MESSAGE))
        : new BackendException(code, line.text(MESSAGE));
  }
}
