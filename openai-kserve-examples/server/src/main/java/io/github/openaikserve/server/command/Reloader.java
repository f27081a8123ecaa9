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
 * Applies changes of the configuration to the running server: when the file changes, and on SIGHUP.
 * A configuration that cannot be used is logged and changes nothing. Thread-safe.
 */
final class Reloader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Reloader.class);

  private final Inputs inputs;
  private final Configuration started;
  private final Applied applied;
  private final Resources resources = new Resources();

  /** Opens a configuration and answers further requests with it. */
  interface Applied {
    /**
     * Applies a configuration.
     *
     * @throws IOException if the configuration cannot be opened; the previous one is in use then
     */
    void apply(ServerConfig config) throws IOException;
  }

  /**
   * Creates a reloader.
   *
   * @param started the configuration that the server was started with
   */
  Reloader(Inputs inputs, Configuration started, Applied applied) {
    this.inputs = inputs;
    this.started = started;
    this.applied = applied;
  }

  /** Reloads on SIGHUP, and when the file has changed. */
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
        log.warn("configuration changes need a restart options={}", String.join(",", restarts));
      }
      log.info(
          "configuration reloaded cause={} backends={} models={}",
          cause,
          next.values().backends().size(),
          next.values().models().size());
      return true;
    } catch (ConfigException | IOException | IllegalStateException e) {
      log.error(
          "configuration rejected, the previous one is kept cause={} reason={}",
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
