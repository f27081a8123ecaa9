package io.github.openaikserve.grpc.internal.port;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.grpc.internal.status.StatusCodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a server. Its channel is replaced when the connection has failed, so that
 * gRPC's reconnect back-off of up to two minutes never delays a call. Thread-safe.
 *
 * <p>A connection may also end silently: a firewall drops its state, a machine loses its power.
 * When two probes in a row time out and nothing was received meanwhile, a second channel is opened
 * and both are probed. If only the second one answers, it takes over and the calls on the first one
 * fail. If neither answers, the server is busy or unreachable, and the calls in flight continue.
 */
public final class Connection {
  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  /** The minimum age of a channel before a failed call may replace it. */
  private static final Duration MIN_AGE = Duration.ofMillis(200);

  private static final int SUSPICIOUS = 2;

  /** Asks the server over a channel whether it is ready. */
  public interface Probe {
    CompletableFuture<Optional<Boolean>> ask(OpenChannel channel);
  }

  private final Supplier<OpenChannel> opener;
  private final Runnable onReplaced;
  private volatile OpenChannel current;

  // Guarded by this.
  private final List<OpenChannel> retired = new ArrayList<>();
  private int timeouts;
  private boolean closed;

  /**
   * Creates a connection. It connects on its first call.
   *
   * @param onReplaced runs after a channel was replaced
   */
  public Connection(Supplier<OpenChannel> opener, Runnable onReplaced) {
    this.opener = opener;
    this.onReplaced = onReplaced;
    this.current = opener.get();
  }

  /** Returns the number of calls in flight. */
  int calls() {
    return current.calls();
  }

  /** Returns the channel for a call; a new one if the last one has failed. */
  public OpenChannel channel() {
    OpenChannel open = current;
    return open.isFailed() && open.age() >= MIN_AGE.toNanos() ? replace(open, opener.get()) : open;
  }

  /** Asks whether the server is ready, and replaces the channel if its connection is dead. */
  public CompletableFuture<Optional<Boolean>> probe(Probe probe) {
    OpenChannel open = current;
    if (open.isFailed()) {
      open = replace(open, opener.get());
    }
    CompletableFuture<Optional<Boolean>> answer = probe.ask(open);
    return isSuspect() ? compare(open, answer, probe) : note(open, answer);
  }

  private CompletableFuture<Optional<Boolean>> note(
      OpenChannel open, CompletableFuture<Optional<Boolean>> answer) {
    return answer.whenComplete((ready, failure) -> count(open, failure));
  }

  private synchronized boolean isSuspect() {
    return timeouts >= SUSPICIOUS;
  }

  /** Counts probes in a row that timed out while nothing was received. */
  private synchronized boolean count(OpenChannel open, @Nullable Throwable failure) {
    boolean silent =
        !open.takeActivity() && StatusCodes.code(failure) == BackendCode.DEADLINE_EXCEEDED;
    timeouts = silent ? timeouts + 1 : 0;
    return silent;
  }

  private CompletableFuture<Optional<Boolean>> compare(
      OpenChannel open, CompletableFuture<Optional<Boolean>> answer, Probe probe) {
    OpenChannel fresh = opener.get();
    CompletableFuture<Optional<Boolean>> second = probe.ask(fresh);
    return CompletableFuture.allOf(answer, second)
        .handle((none, failure) -> failure)
        .thenCompose(
            failure -> {
              boolean silent = answer.handle((ready, e) -> count(open, e)).join();
              if (silent && !second.isCompletedExceptionally() && replace(open, fresh) == fresh) {
                log.warn(
                    "connection replaced reason=\"the old one received nothing, a new one"
                        + " answered\"");
                open.lose();
                return second;
              }
              fresh.close();
              return answer;
            });
  }

  /** Replaces a channel unless it was replaced already; returns the channel in use. */
  private OpenChannel replace(OpenChannel old, OpenChannel fresh) {
    synchronized (this) {
      if (closed || current != old) {
        fresh.close();
        return current;
      }
      current = fresh;
      timeouts = 0;
      retired.removeIf(OpenChannel::isTerminated);
      retired.add(old);
    }
    old.retire();
    onReplaced.run();
    return fresh;
  }

  /** Ends the calls in flight; later ones fail. Has no effect the second time. */
  public void close() {
    List<OpenChannel> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(retired);
      all.add(current);
    }
    all.forEach(OpenChannel::close);
  }
}
