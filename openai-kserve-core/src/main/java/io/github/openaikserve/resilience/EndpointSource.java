package io.github.openaikserve.resilience;

import java.util.List;
import java.util.stream.Stream;

/**
 * A source of endpoints that serve the same models, such as a fixed list, a DNS name or a registry.
 * Thread-safe.
 */
@FunctionalInterface
public interface EndpointSource {
  /**
   * Starts to report endpoints to a listener, until the watch is closed. The first report may
   * arrive before this method returns. A source needs no separate thread: it uses the scheduler and
   * the executor that it was created with.
   */
  Watch watch(Listener listener);

  /**
   * Returns a source that reports this list once.
   *
   * @throws IllegalArgumentException if the list is empty
   */
  static EndpointSource of(List<Endpoint> endpoints) {
    return new FixedEndpoints(endpoints);
  }

  /**
   * Returns a source that reports the endpoints at these addresses once.
   *
   * @throws IllegalArgumentException if no address is given
   */
  static EndpointSource of(String... addresses) {
    return of(Stream.of(addresses).map(Endpoint::of).toList());
  }

  /** A receiver of endpoints. Called by one thread at a time. */
  interface Listener {
    /**
     * Receives the complete list, which replaces the previous one. An empty list is ignored if
     * endpoints are known, because a restarted registry lists nothing until its servers have
     * registered again.
     */
    void onEndpoints(List<Endpoint> endpoints);

    /**
     * Receives the reason why the source cannot be read. Known endpoints remain in use.
     *
     * @param reason a message for logs and for callers who wait for the first endpoint
     */
    void onFailure(String reason);
  }

  /** A listener's registration at a source. Thread-safe. */
  interface Watch extends AutoCloseable {
    /** A watch of a source that never changes. */
    Watch NONE = () -> {};

    /**
     * Requests a new report because an endpoint became unavailable. The source limits how often it
     * reads.
     */
    default void refresh() {}

    /** Ends the reports. Closing again has no effect. */
    @Override
    void close();
  }
}
