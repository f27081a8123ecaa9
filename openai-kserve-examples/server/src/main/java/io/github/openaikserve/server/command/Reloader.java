package io.github.openaikserve.server.command;

import io.github.openaikserve.server.config.Configuration;
import io.github.openaikserve.server.config.ServerConfig;
import io.github.openaikserve.server.file.BoundedFile;
import io.github.openaikserve.server.file.FileWatch;
import io.github.openaikserve.server.options.ConfigException;
import io.github.openaikserve.server.options.Inputs;
import io.github.openaikserve.server.service.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reloads the configuration of the running server when the file changes, and on SIGHUP. An invalid
 * configuration is logged and the previous one remains in use. Thread-safe.
 */
final class Reloader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Reloader.class);

  private final Inputs inputs;
  private final Configuration started;
  private final Applied applied;
  private final Resources resources = new Resources();

  /** The action that puts a configuration into use. */
  interface Applied {
    /**
     * Opens a configuration and answers further requests with it.
     *
     * @throws IOException if the configuration cannot be opened; the previous one remains in use
     */
    void apply(ServerConfig config) throws IOException;
  }

  /**
   * Creates a reloader.
   *
   * @param started the configuration with which the server was started
   */
  Reloader(Inputs inputs, Configuration started, Applied applied) {
    this.inputs = inputs;
    this.started = started;
    this.applied = applied;
  }

  /** Starts to reload on SIGHUP, and when the file changes. */
  Reloader start(Duration interval) throws IOException {
    Signals.onHangUp(() -> reload("SIGHUP"));
    if (started.file().isPresent()) {
      Path file = started.file().get();
      resources.add(
          FileWatch.start(file, BoundedFile.read(file), interval, text -> reload("change")));
    }
    return this;
  }

  /** Reads the configuration and applies it; returns whether it was applied. */
  synchronized boolean reload(String cause) {
    try {
      Configuration next = Configuration.read(inputs);
      applied.apply(next.values());
      List<String> restarts = started.restarts(next);
      if (!restarts.isEmpty()) {
        log.warn("configuration changes require a restart options={}", String.join(",", restarts));
      }
      log.info(
          "configuration reloaded cause={} backends={} models={}",
          cause,
          next.values().backends().size(),
          next.values().models().size());
      return true;
    } catch (ConfigException | IOException | IllegalStateException e) {
      log.error(
          "configuration rejected, previous one remains in use cause={} reason=\"{}\"",
          cause,
          e.getMessage());
      return false;
    }
  }

  @Override
  public void close() {
    resources.close();
  }
}
