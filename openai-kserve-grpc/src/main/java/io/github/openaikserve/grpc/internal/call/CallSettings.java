package io.github.openaikserve.grpc.internal.call;

import io.github.openaikserve.grpc.internal.port.WatchedCredentials;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of every call of a backend. Immutable.
 *
 * @param options gRPC's options
 * @param metadata headers
 * @param credentials null for none
 * @param timeout the time limit of calls without one; null for no limit
 * @param compression of inference requests, such as {@code gzip}; null for none
 */
public record CallSettings(
    CallOptions options,
    Map<String, String> metadata,
    @Nullable CallCredentials credentials,
    @Nullable Duration timeout,
    @Nullable String compression) {
  /** No headers, credentials, time limit or compression. */
  public static final CallSettings NONE =
      new CallSettings(CallOptions.DEFAULT, Map.of(), null, null, null);

  /** Copies the map. */
  public CallSettings {
    metadata = Map.copyOf(metadata);
  }

  /** Returns credentials for one new call; null if there are none. */
  @Nullable WatchedCredentials watchedCredentials() {
    return credentials == null ? null : new WatchedCredentials(credentials);
  }

  /** Returns the options of one inference; {@code watched} is null without credentials. */
  public CallOptions options(@Nullable WatchedCredentials watched) {
    CallOptions all = watched == null ? options : options.withCallCredentials(watched);
    return compression == null ? all : all.withCompression(compression);
  }
}
