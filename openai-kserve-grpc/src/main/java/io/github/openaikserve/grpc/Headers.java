package io.github.openaikserve.grpc;

import io.grpc.Metadata;
import java.util.Map;

/** Text headers as gRPC's metadata. */
final class Headers {
  private Headers() {}

  static Metadata of(Map<String, String> values) {
    var metadata = new Metadata();
    values.forEach(
        (name, value) ->
            metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
    return metadata;
  }
}
