package io.github.openaikserve.server.service;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.config.ListenConfig;
import io.github.openaikserve.server.config.ServerConfig;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A configuration in use, with its models, keys and limits, and with the requests that it began.
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
   * Opens a configuration and checks its models, if the configuration requires it.
   *
   * @throws IOException if a file cannot be read or the embedded worker does not start
   * @throws IllegalStateException if models differ from their servers' metadata and the check
   *     requires that they do not
   */
  static Generation open(ServerConfig config, Backends backends, Watchers watchers)
      throws IOException {
    DisabledModels.requireOthers(config);
    var resources = new Resources();
    try {
      OpenAiKServe openai = ServerFactory.open(config, resources, backends, watchers);
      resources.add(openai::shutdown);
      DisabledModels.report(config);
      StartCheck.run(config.check(), openai);
      var front = new Front(config, resources, watchers);
      OpenAiHandler handler = front.around(front.limited(openai));
      watchers.watch(backends.opened(config.backends()));
      warnWithoutKeys(config);
      return new Generation(openai, handler, resources);
    } catch (IOException | RuntimeException | Error e) {
      resources.close();
      throw e;
    }
  }

  private static void warnWithoutKeys(ServerConfig config) {
    ListenConfig server = config.server();
    if (!config.needsKey() && !server.needsCertificate() && !server.isOnLoopback()) {
      log.warn(
          "no API key is configured, so every client that reaches the server may use all models"
              + " host={} options=--api-key,--api-key-file",
          server.host());
    }
  }

  OpenAiKServe openai() {
    return openai;
  }

  OpenAiHandler handler() {
    return handler;
  }

  /** Counts a request that begins; returns false if this configuration is retired. */
  synchronized boolean enter() {
    if (retired) {
      return false;
    }
    active++;
    return true;
  }

  /** Counts a request whose response has begun; the service tracks its stream as a call. */
  synchronized void leave() {
    active--;
    notifyAll();
  }

  synchronized void retire() {
    retired = true;
  }

  /**
   * Waits for the running requests and then for the running calls, up to {@code limit} each. Then
   * releases the backends.
   */
  void finish(Duration limit) {
    try {
      awaitRequests(limit);
      openai.shutdown();
      if (!openai.awaitTermination(limit)) {
        log.warn("ending running calls of a previous configuration after={}", limit);
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

  /** Releases the backends, which ends calls that are still running. */
  @Override
  public void close() {
    resources.close();
  }
}
