package io.github.openaikserve.grpc;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.grpc.Metadata;
import java.util.Map;
import java.util.regex.Pattern;

/** Text headers as gRPC's metadata. */
final class Headers {
  /** Names that start otherwise are HTTP/2's or gRPC's own. */
  private static final Pattern NAME = Pattern.compile("(?!grpc-)[a-z0-9_.-]+(?<!-bin)");

  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]*");

  private Headers() {}

  /**
   * The headers of a call.
   *
   * @throws BackendException if one cannot be sent; its value is not told
   */
  static Metadata of(Map<String, String> values) {
    var metadata = new Metadata();
    values.forEach(
        (name, value) -> {
          if (!legal(name, value)) {
            throw new BackendException(
                BackendCode.INVALID_ARGUMENT,
                "A header for the model server has characters that it must not have.");
          }
          metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        });
    return metadata;
  }

  /** Whether it can be sent: anything else could end the header, or be taken for another. */
  static boolean legal(String name, String value) {
    return NAME.matcher(name).matches() && VALUE.matcher(value).matches();
  }
}
