package io.github.openaikserve.grpc.internal.call;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.grpc.Metadata;
import java.util.Map;

/** Converts text headers to gRPC metadata. */
public final class Headers {
  private Headers() {}

  /**
   * Returns the headers of a call.
   *
   * @throws BackendException if a header cannot be sent; the message does not show its value
   */
  public static Metadata of(Map<String, String> values) {
    var metadata = new Metadata();
    values.forEach(
        (name, value) -> {
          if (!isLegal(name, value)) {
            throw new BackendException(
                BackendCode.INVALID_ARGUMENT,
                "A header for the model server has characters that gRPC cannot send.");
          }
          metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        });
    return metadata;
  }

  /**
   * Checks a header.
   *
   * @throws IllegalArgumentException if the header cannot be sent
   */
  public static void requireLegal(String name, String value) {
    if (!isLegal(name, value)) {
      throw new IllegalArgumentException(
          ("header '%s' cannot be sent: expected a lower-case name that does not start with grpc-"
                  + " or end with -bin, and a value of printable ASCII")
              .formatted(name));
    }
  }

  /** Returns whether a header can be sent. Other characters could inject a header. */
  private static boolean isLegal(String name, String value) {
    return isLegalName(name) && value.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  /** Excludes the names of HTTP/2 (":"), of gRPC ("grpc-") and of binary headers ("-bin"). */
  private static boolean isLegalName(String name) {
    return !name.isEmpty()
        && name.chars().allMatch(Headers::isLegalInName)
        && !name.startsWith("grpc-")
        && !name.endsWith("-bin");
  }

  private static boolean isLegalInName(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "_.-".indexOf(c) >= 0;
  }
}
