package io.github.openaikserve.resilience;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A source that reports what a test says, when it says it. Thread-safe. */
final class ManualSource implements EndpointSource {
  final AtomicInteger watches = new AtomicInteger();
  final AtomicInteger refreshes = new AtomicInteger();
  final AtomicInteger closes = new AtomicInteger();
  volatile @Nullable RuntimeException thrown;
  private volatile @Nullable Listener listener;

  @Override
  public Watch watch(Listener listener) {
    watches.incrementAndGet();
    throwIfAsked();
    this.listener = listener;
    return new Watch() {
      @Override
      public void refresh() {
        refreshes.incrementAndGet();
        throwIfAsked();
      }

      @Override
      public void close() {
        closes.incrementAndGet();
        throwIfAsked();
      }
    };
  }

  private void throwIfAsked() {
    RuntimeException failure = thrown;
    if (failure != null) {
      throw failure;
    }
  }

  void report(String... addresses) {
    List<Endpoint> endpoints = Stream.of(addresses).map(Endpoint::of).toList();
    Objects.requireNonNull(listener).onEndpoints(endpoints);
  }

  void fail(String reason) {
    Objects.requireNonNull(listener).onFailure(reason);
  }
}
