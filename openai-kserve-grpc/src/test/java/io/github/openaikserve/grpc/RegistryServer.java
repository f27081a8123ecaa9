package io.github.openaikserve.grpc;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.openaikserve.grpc.internal.endpoint.RegistryReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** The part of AnyServe's API server that discovery reads, on loopback. */
final class RegistryServer implements AutoCloseable {
  /** The answer to one read. */
  @FunctionalInterface
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  final AtomicInteger readings = new AtomicInteger();
  private final Semaphore read = new Semaphore(0);
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile Answer answer;

  private RegistryServer(int port, Answer answer) throws IOException {
    this.answer = answer;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext(
        "/registry",
        exchange -> {
          readings.incrementAndGet();
          try (exchange) {
            this.answer.to(exchange);
          } finally {
            read.release();
          }
        });
    server.setExecutor(threads);
    server.start();
  }

  static RegistryServer start(Answer answer) throws IOException {
    return new RegistryServer(0, answer);
  }

  static RegistryServer startOn(int port, Answer answer) throws IOException {
    return new RegistryServer(port, answer);
  }

  /** A list of replicas that generate with llamacpp. */
  static Answer replicas(List<Integer> ports) {
    return json(
        ports.stream()
            .map(
                port ->
                    "{\"replica_id\":\"r%d\",\"endpoint\":\"127.0.0.1:%d\",\"capabilities\":[{\"type\":\"embed\"},{\"type\":\"generate\",\"model\":\"llamacpp\",\"gpu\":1}]}"
                        .formatted(port, port))
            .collect(Collectors.joining(",", "{\"replicas\":[", "]}")));
  }

  static Answer json(String text) {
    return status(200, text);
  }

  static Answer status(int status, String text) {
    return exchange -> {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  /** A list above the size limit. */
  static Answer endless() {
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      byte[] blanks = " ".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
      OutputStream body = exchange.getResponseBody();
      for (int written = 0; written <= 4 * RegistryReader.MAX_SIZE; written += blanks.length) {
        body.write(blanks);
      }
    };
  }

  void answer(Answer answer) {
    this.answer = answer;
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Waits for this number of further reads. */
  void awaitReadings(int count) throws InterruptedException {
    read.drainPermits();
    if (!read.tryAcquire(count, 20, TimeUnit.SECONDS)) {
      throw new AssertionError("the registry was not read");
    }
  }

  boolean isReadTwiceWithin(Duration time) throws InterruptedException {
    read.drainPermits();
    return read.tryAcquire(2, time.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
