package io.github.openaikserve.testserver;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.grpc.BackendService;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A scripted KServe v2 model server on a port of the loopback interface, over gRPC and Netty.
 * Thread-safe.
 *
 * <pre>{@code
 * try (var server = KServeTestServer.start()) {
 *   server.answers(List.of("Hello", " there"));
 *   try (var backend = GrpcBackend.connect(server.target())) { ... }
 *   assertThat(server.calls()).hasSize(1);
 * }
 * }</pre>
 *
 * <p>The script is a {@link FakeBackend}: single tokens, failures with a code before or between
 * tokens, silence, signals that wait for a release ({@link ScriptedResponse#waitsBefore}) instead
 * of a sleep, metadata and readiness. A test may replace the script at any time; each script counts
 * its own calls. Any other {@link InferenceBackend} can answer too, such as a {@code ReplayBackend}
 * with a recording.
 */
public final class KServeTestServer implements AutoCloseable {
  private static final int TERMINATION_SECONDS = 10;

  private final CurrentBackend current;
  private final UnaryOperator<BackendService> service;

  // Guarded by this.
  private @Nullable Server server;
  private int port;

  private KServeTestServer(InferenceBackend backend, UnaryOperator<BackendService> service) {
    this.current = new CurrentBackend(backend);
    this.service = service;
  }

  /**
   * Starts a server on any free port that answers each call with the token {@code Hello}.
   *
   * @throws UncheckedIOException if the server cannot listen
   */
  public static KServeTestServer start() {
    return start(FakeBackend.tokens("Hello"));
  }

  /**
   * Starts a server on any free port. It does not close the backend.
   *
   * @throws UncheckedIOException if the server cannot listen
   */
  public static KServeTestServer start(InferenceBackend backend) {
    return start(backend, unchanged -> unchanged);
  }

  /**
   * Starts a server on any free port with another variant of the protocol, such as MLServer's
   * {@link BackendService#unwrappedStreams}.
   *
   * @throws UncheckedIOException if the server cannot listen
   */
  public static KServeTestServer start(
      InferenceBackend backend, UnaryOperator<BackendService> service) {
    var server =
        new KServeTestServer(
            Objects.requireNonNull(backend, "backend"), Objects.requireNonNull(service, "service"));
    server.resume();
    return server;
  }

  /** Returns the address, such as {@code 127.0.0.1:43210}, as a target of {@code GrpcBackend}. */
  public String target() {
    return InetAddress.getLoopbackAddress().getHostAddress() + ":" + port();
  }

  /** Returns the port, which stays the same until {@link #close}. */
  public synchronized int port() {
    return port;
  }

  /** Answers further calls with this backend. Running calls are not affected. */
  public KServeTestServer use(InferenceBackend backend) {
    current.use(Objects.requireNonNull(backend, "backend"));
    return this;
  }

  /** Answers further calls with these tokens, in turn; see {@link FakeBackend#answers}. */
  @SafeVarargs
  @SuppressWarnings("varargs") // passed on without modification
  public final KServeTestServer answers(List<String>... answers) {
    return use(FakeBackend.answers(answers));
  }

  /** Answers further calls with the replies that {@code script} returns. */
  public KServeTestServer answering(Function<InferCall, ScriptedResponse> script) {
    return use(FakeBackend.answering(script));
  }

  /** Fails further calls before their first response, with this gRPC code. */
  public KServeTestServer failing(BackendCode code, String message) {
    return use(FakeBackend.failing(code, message));
  }

  /** Returns the calls that the current script has received, in order. */
  public List<InferCall> calls() {
    return script().calls();
  }

  /** Returns the number of calls of the current script that were cancelled before their end. */
  public int cancellations() {
    return script().cancellations();
  }

  /**
   * Returns the current script.
   *
   * @throws IllegalStateException if the current backend is not a {@link FakeBackend}
   */
  public FakeBackend script() {
    if (current.get() instanceof FakeBackend script) {
      return script;
    }
    throw new IllegalStateException(
        "the current backend is not a FakeBackend, but a " + current.get().getClass().getName());
  }

  /**
   * Stops listening and breaks all connections, like a crashed server. {@link #resume} listens
   * again on the same port.
   */
  public synchronized void stop() {
    Server running = server;
    if (running == null) {
      return;
    }
    server = null;
    running.shutdownNow();
    try {
      running.awaitTermination(TERMINATION_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Listens again after {@link #stop}, on the same port. Has no effect while the server listens.
   *
   * @throws UncheckedIOException if the port is taken
   */
  public synchronized void resume() {
    if (server != null) {
      return;
    }
    try {
      server =
          NettyServerBuilder.forAddress(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
              .addService(service.apply(BackendService.of(current)))
              .build()
              .start();
      port = server.getPort();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on port " + port, e);
    }
  }

  /** Stops the server. Closing the backend remains the test's responsibility. */
  @Override
  public void close() {
    stop();
  }
}
