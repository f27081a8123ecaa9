package io.github.openaikserve.resilience;

import java.util.List;
import java.util.stream.Stream;

/**
 * A source of the endpoints that serve the same models: a fixed list, a name in DNS, a registry.
 * Thread-safe.
 */
@FunctionalInterface
public interface EndpointSource {
  /**
   * Starts to report endpoints to a listener, until the watch is closed. The first report may come
   * before this method returns. A source needs no thread: whatever takes time is done on the
   * scheduler and the executor that it was made with.
   */
  Watch watch(Listener listener);

  /**
   * Returns a source that reports this list once.
   *
   * @throws IllegalArgumentException if the list is empty
   */
  static EndpointSource of(List<Endpoint> endpoints) {
    List<Endpoint> fixed = List.copyOf(endpoints);
    if (fixed.isEmpty()) {
      throw new IllegalArgumentException("at least one endpoint is required");
    }
    return listener -> {
      listener.onEndpoints(fixed);
      return Watch.NONE;
    };
  }

  /**
   * Returns a source that reports the endpoints at these addresses once.
   *
   * @throws IllegalArgumentException if there is no address
   */
  static EndpointSource of(String... addresses) {
    return of(Stream.of(addresses).map(Endpoint::of).toList());
  }

  /** Receives the endpoints. Calls come one at a time. */
  interface Listener {
    /**
     * Receives the complete list, which replaces the one before. An empty list never replaces one
     * that is not empty: a registry that was restarted lists nothing until its servers return.
     */
    void onEndpoints(List<Endpoint> endpoints);

    /**
     * Receives the reason why the source cannot be read. Endpoints that are known remain in use.
     *
     * @param reason a message for logs and for callers who wait for the first endpoint
     */
    void onFailure(String reason);
  }

  /** A listener's registration at a source. Thread-safe. */
  interface Watch extends AutoCloseable {
    /** The watch of a source that never changes. */
    Watch NONE = () -> {};

    /** Asks for a report soon, because an endpoint was lost. A source limits how often it reads. */
    default void refresh() {}

    /** Ends the reports. Has no effect the second time. */
    @Override
    void close();
  }
}
