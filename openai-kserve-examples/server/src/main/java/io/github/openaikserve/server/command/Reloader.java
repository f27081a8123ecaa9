package io.github.openaikserve.server.command;

import io.github.openaikserve.server.config.Configuration;
import io.github.openaikserve.server.config.ServerConfig;
import io.github.openaikserve.server.file.BoundedFile;
import io.github.openaikserve.server.file.FileWatch;
import io.github.openaikserve.server.options.Inputs;
import io.github.openaikserve.server.service.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
  private final Resources resources = new Resources();

  /** The text with which the server was started; null without a file. */
  private final @Nullable String text;

  // Guarded by this.
  private @Nullable Applied applied;
  private boolean due;

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
   * Creates a reloader. Changes of the file and SIGHUP are noticed from now on, and take effect
   * after {@link #start}.
   *
   * @param started the configuration with which the server is started
   */
  Reloader(Inputs inputs, Configuration started) throws IOException {
    this.inputs = inputs;
    this.started = started;
    this.text = started.file().isPresent() ? BoundedFile.read(started.file().get()) : null;
    Signals.onHangUp(() -> reload("SIGHUP"));
  }

  /** Starts to reload on SIGHUP, and when the file changes. */
  Reloader start(Duration interval, Applied applied) {
    boolean missed;
    synchronized (this) {
      this.applied = applied;
      missed = due;
    }
    if (missed) {
      reload("SIGHUP");
    }
    if (text != null) {
      Path file = started.file().orElseThrow();
      resources.add(FileWatch.start(file, text, interval, changed -> reload("change")));
    }
    return this;
  }

  /** Reads the configuration and applies it. */
  synchronized void reload(String cause) {
    if (applied == null) {
      due = true;
      return;
    }
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
    } catch (IOException | RuntimeException e) {
      log.error(
          "configuration rejected, previous one remains in use cause={} reason=\"{}\"",
          cause,
          e.getMessage() == null ? e : e.getMessage());
    }
  }

  @Override
  public void close() {
    resources.close();
  }
}
