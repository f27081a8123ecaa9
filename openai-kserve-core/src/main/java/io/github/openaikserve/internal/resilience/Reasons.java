package io.github.openaikserve.internal.resilience;

import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;

/**
 * Failures as reasons for logs. They never contain a server's message, which may quote a prompt.
 */
public final class Reasons {
  private Reasons() {}

  public static String of(Throwable failure) {
    if (failure instanceof BackendException backend) {
      return backend.saidByServer()
          ? "the server answered " + backend.backendCode()
          : text(backend);
    }
    return failure instanceof DialectException ? text(failure) : failure.getClass().getName();
  }

  private static String text(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }
}
