package io.github.openaikserve.server.http;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.server.connection.ForcedClose;
import io.github.openaikserve.server.connection.OpenConnections;
import io.github.openaikserve.server.connection.WaitingRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The running requests, and whether new requests are accepted. Thread-safe. */
final class ActiveRequests {
  /** The time that HTTP/2 connections stay open after the drain, for the ends of their streams. */
  private static final long CLOSING_MILLIS = 10_000;

  private final OpenConnections connections;

  private final Set<Exchange> running = new HashSet<>();
  private boolean stopping;
  private boolean draining;
  private boolean delaySkipped;

  ActiveRequests(OpenConnections connections) {
    this.connections = connections;
  }

  OpenConnections connections() {
    return connections;
  }

  /**
   * Counts a request that begins.
   *
   * @param bytes the memory that it holds
   * @param always whether the request is accepted during the drain, too
   * @throws OpenAiException with status 503 if the request is refused; it must not {@link #end}
   */
  WaitingRequest begin(Exchange exchange, HttpConnection connection, long bytes, boolean always) {
    synchronized (this) {
      if (draining && !always) {
        throw Refusals.shuttingDown();
      }
      running.add(exchange);
    }
    WaitingRequest request = connections.begin(connection, bytes);
    if (request == null) {
      end(exchange);
      throw Refusals.tooManyUnfinished();
    }
    return request;
  }

  synchronized void end(Exchange exchange) {
    running.remove(exchange);
    notifyAll();
  }

  synchronized int running() {
    return running.size();
  }

  synchronized boolean isStopping() {
    return stopping;
  }

  /** Announces the shutdown and waits; without a wait, {@link #drain} announces it. */
  void announce(long millis) throws InterruptedException {
    if (millis <= 0) {
      return;
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    synchronized (this) {
      stopping = true;
      for (long left = millis; left > 0 && !delaySkipped; ) {
        wait(left);
        left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      }
    }
  }

  /** Ends the wait of {@link #announce}, also of a later call. */
  synchronized void skipDelay() {
    delaySkipped = true;
    notifyAll();
  }

  /**
   * Refuses new requests, announces to HTTP/2 clients that their connection ends, and waits for the
   * running requests.
   *
   * @return false if requests still run after {@code millis}
   */
  boolean drain(long millis) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    refuse(Duration.ofMillis(millis + CLOSING_MILLIS));
    synchronized (this) {
      while (!running.isEmpty()) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        wait(left);
      }
      return true;
    }
  }

  private void refuse(Duration limit) {
    synchronized (this) {
      stopping = true;
      draining = true;
    }
    connections.connections().stream()
        .filter(connection -> connection.protocolVersion() == HttpVersion.HTTP_2)
        .forEach(connection -> connection.shutdown(limit));
  }

  /** Ends the running requests with an error, as far as their responses allow it. */
  void endAll() {
    List<Exchange> left;
    synchronized (this) {
      left = List.copyOf(running);
    }
    left.forEach(exchange -> exchange.later(exchange::endNow));
  }

  /** Closes every connection at once and discards the bytes that wait for clients. */
  void forceCloseAll() {
    connections.connections().forEach(ForcedClose::of);
  }
}
