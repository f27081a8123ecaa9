package io.github.openaikserve.server.service;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.config.ServerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A handler that answers each request with the configuration that is in use when it arrives.
 * Thread-safe.
 */
public final class CurrentHandler implements OpenAiHandler, AutoCloseable {
  /** The maximum time that requests and calls keep a previous configuration open. */
  private static final Duration LIMIT = Duration.ofHours(1);

  /** The maximum number of previous configurations with running calls. */
  private static final int MAX_PREVIOUS = 8;

  private final Backends backends = new Backends();
  private final ConfiguredStore responses;
  private final Watchers watchers;
  private final Deque<Thread> previous = new ArrayDeque<>();
  private volatile Generation current;

  /**
   * Opens a configuration and checks its models, if the configuration requires it.
   *
   * @param metrics receives the meters of calls, backends and HTTP
   * @throws IOException if a file cannot be read or the embedded worker does not start
   * @throws IllegalStateException if models differ from their servers' metadata and the check
   *     requires that they do not
   */
  public CurrentHandler(ServerConfig config, Metrics metrics) throws IOException {
    this.responses = ConfiguredStore.open(config.server());
    try {
      this.watchers = new Watchers(metrics, responses.store());
      this.current = Generation.open(config, backends, watchers);
    } catch (IOException | RuntimeException | Error e) {
      responses.close();
      throw e;
    }
  }

  /** Returns the service of the configuration in use. */
  public OpenAiKServe openai() {
    return current.openai();
  }

  /**
   * Answers further requests with another configuration. Requests that run keep the one that they
   * began with.
   *
   * @throws IOException as the constructor; the previous configuration remains in use
   * @throws IllegalStateException as the constructor; the previous configuration remains in use
   */
  public synchronized void replace(ServerConfig config) throws IOException {
    Generation next = Generation.open(config, backends, watchers);
    Generation replaced = current;
    current = next;
    replaced.retire();
    previous.removeIf(thread -> !thread.isAlive());
    if (previous.size() == MAX_PREVIOUS) {
      previous.remove().interrupt(); // ends the calls of the oldest one
    }
    var finishing = new Thread(() -> replaced.finish(LIMIT), "previous-configuration");
    finishing.setDaemon(true);
    finishing.start();
    previous.add(finishing);
  }

  @Override
  public CompletableFuture<ApiResponse> handle(ApiRequest request) {
    Generation used = current;
    while (!used.enter()) {
      used = current;
    }
    Generation entered = used;
    CompletableFuture<ApiResponse> response;
    try {
      response = entered.handler().handle(request);
    } catch (RuntimeException | Error e) {
      entered.leave();
      throw e;
    }
    // Returns the original future, so that cancelling it cancels the call.
    var unused = response.whenComplete((answer, failure) -> entered.leave());
    return response;
  }

  @Override
  public Optional<ApiResponse> reject(ApiRequest head) {
    return current.handler().reject(head);
  }

  @Override
  public ApiResponse refuse(ApiRequest request, OpenAiException error) {
    return current.handler().refuse(request, error);
  }

  /** Ends all calls and releases all backends. */
  @Override
  public void close() {
    List<Thread> finishing;
    synchronized (this) {
      finishing = new ArrayList<>(previous);
    }
    finishing.forEach(Thread::interrupt);
    try {
      for (Thread thread : finishing) {
        thread.join(Duration.ofSeconds(5).toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    current.close();
    responses.close();
  }
}
