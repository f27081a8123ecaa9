package io.github.openaikserve.grpc;

import io.grpc.CallOptions;
import java.util.Map;

/**
 * Who calls: what every call to a server is made with. Immutable.
 *
 * @param options with the credentials
 * @param metadata headers
 */
record Caller(CallOptions options, Map<String, String> metadata) {
  /** Nobody in particular. */
  static final Caller ANYBODY = new Caller(CallOptions.DEFAULT, Map.of());

  /** Copies the map. */
  Caller {
    metadata = Map.copyOf(metadata);
  }
}
