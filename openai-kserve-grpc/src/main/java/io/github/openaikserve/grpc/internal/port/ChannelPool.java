package io.github.openaikserve.grpc.internal.port;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The connections to one port of a server. Thread-safe. */
final class ChannelPool {
  private final List<Connection> all;

  /**
   * Creates connections. Each connects on its first call.
   *
   * @param onReplaced runs after a channel was replaced because it failed
   */
  ChannelPool(int count, Supplier<OpenChannel> opener, Runnable onReplaced) {
    all = IntStream.range(0, count).mapToObj(i -> new Connection(opener, onReplaced)).toList();
  }

  /** Returns a channel of the connection with the fewest calls in flight. */
  OpenChannel channel() {
    Connection least = all.get(0);
    for (int i = 1; i < all.size(); i++) {
      Connection next = all.get(i);
      if (next.calls() < least.calls()) {
        least = next;
      }
    }
    return least.channel();
  }

  /**
   * Asks over every connection whether the server is ready.
   *
   * @return true if all answers are; fails if a probe fails
   */
  CompletableFuture<Optional<Boolean>> probe(Connection.Probe probe) {
    if (all.size() == 1) {
      return all.get(0).probe(probe);
    }
    List<CompletableFuture<Optional<Boolean>>> answers = new ArrayList<>();
    all.forEach(connection -> answers.add(connection.probe(probe)));
    return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done ->
                answers.stream()
                    .map(CompletableFuture::join)
                    .reduce(ChannelPool::worse)
                    .orElse(Optional.empty()));
  }

  /** Returns "not ready" if one of the answers is, else the second answer. */
  static Optional<Boolean> worse(Optional<Boolean> one, Optional<Boolean> other) {
    return one.isPresent() && !one.get() ? one : other;
  }

  /** Ends the calls in flight; later ones fail. Has no effect the second time. */
  void close() {
    all.forEach(Connection::close);
  }
}
