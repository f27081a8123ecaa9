package io.github.openaikserve.grpc;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Describes why a connection failed, without the names of hosts. */
final class ConnectionFailure {
  /** More than any real chain of causes has; bounds a circular one. */
  private static final int MAX_CAUSES = 20;

  private ConnectionFailure() {}

  /** Returns a short reason; null if the cause is unknown. */
  static @Nullable String reason(@Nullable Throwable cause) {
    Throwable next = cause;
    for (int i = 0; next != null && i < MAX_CAUSES; i++) {
      String reason = reasonOf(next);
      if (reason != null) {
        return reason;
      }
      next = next.getCause();
    }
    return null;
  }

  private static @Nullable String reasonOf(Throwable failure) {
    if (failure instanceof ConnectException || failure instanceof SocketTimeoutException) {
      // Netty's exception for a connection that times out is a ConnectException, too.
      String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
      return message.contains("refused") ? "connection refused" : "connection timed out";
    }
    if (failure instanceof UnknownHostException) {
      return "unknown host";
    }
    if (failure instanceof NoRouteToHostException) {
      return "no route to host";
    }
    return failure instanceof SSLException ? "TLS handshake failed" : null;
  }
}
