package io.github.openaikserve.grpc;

import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every call of a backend is made with. Immutable.
 *
 * @param options of every call
 * @param metadata headers of every call
 * @param credentials of every call; null for none
 * @param timeout of calls that have none; null for none
 * @param compression of inference requests, such as {@code gzip}; null for none
 */
record CallSettings(
    CallOptions options,
    Map<String, String> metadata,
    @Nullable CallCredentials credentials,
    @Nullable Duration timeout,
    @Nullable String compression) {
  /** The settings of a backend that has none. */
  static final CallSettings NONE =
      new CallSettings(CallOptions.DEFAULT, Map.of(), null, null, null);

  /** Copies the map. */
  CallSettings {
    metadata = Map.copyOf(metadata);
  }

  /** Returns the credentials of one call; null for none. */
  @Nullable WatchedCredentials watchedCredentials() {
    return credentials == null ? null : new WatchedCredentials(credentials);
  }

  /** Returns the options of one inference. */
  CallOptions options(@Nullable WatchedCredentials watched) {
    CallOptions all = watched == null ? options : options.withCallCredentials(watched);
    return compression == null ? all : all.withCompression(compression);
  }
}
