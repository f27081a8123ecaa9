package io.github.openaikserve.server.service;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.config.ServerConfig;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A configuration in use: its models, keys and limits, and the requests that began with it.
 * Thread-safe.
 */
final class Generation implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Generation.class);

  private final OpenAiKServe openai;
  private final OpenAiHandler handler;
  private final Resources resources;
  private int active;
  private boolean retired;

  private Generation(OpenAiKServe openai, OpenAiHandler handler, Resources resources) {
    this.openai = openai;
    this.handler = handler;
    this.resources = resources;
  }

  /**
   * Opens a configuration and checks its models as the configuration says.
   *
   * @throws IOException if a file cannot be read or the embedded worker does not start
   * @throws IllegalStateException if models differ from their servers' metadata, and must not
   */
  static Generation open(ServerConfig config, Backends backends, Watchers watchers)
      throws IOException {
    DisabledModels.requireOthers(config);
    var resources = new Resources();
    try {
      OpenAiKServe openai = Assembly.open(config, resources, backends, watchers);
      resources.add(openai::shutdown);
      DisabledModels.report(config);
      StartCheck.run(config.check(), openai);
      var front = new Front(config, resources, watchers);
      OpenAiHandler handler = front.limited(openai);
      if (config.server().metrics().isEmpty()) {
        handler = MetricsHandler.around(handler, watchers.metrics());
      }
      watchers.watch(backends.opened(config.backends()));
      return new Generation(openai, front.around(handler), resources);
    } catch (IOException | RuntimeException | Error e) {
      resources.close();
      throw e;
    }
  }

  OpenAiKServe openai() {
    return openai;
  }

  OpenAiHandler handler() {
    return handler;
  }

  /** Counts a request in; returns false if this is retired. */
  synchronized boolean enter() {
    if (retired) {
      return false;
    }
    active++;
    return true;
  }

  /** Counts out a request whose response has begun: its stream is a call of the service. */
  synchronized void leave() {
    active--;
    notifyAll();
  }

  /** Takes no more requests. */
  synchronized void retire() {
    retired = true;
  }

  /** Waits for the requests and calls that run, for {@code limit} each, and releases the rest. */
  void finish(Duration limit) {
    try {
      awaitRequests(limit);
      openai.shutdown();
      if (!openai.awaitTermination(limit)) {
        log.warn("calls of a previous configuration are ended after={}", limit);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
  }

  private synchronized void awaitRequests(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    for (long left = limit.toMillis(); active > 0 && left > 0; ) {
      wait(left);
      left = (deadline - System.nanoTime()) / 1_000_000;
    }
  }

  /** Releases the backends, which ends the calls that still run on them. */
  @Override
  public void close() {
    resources.close();
  }
}
