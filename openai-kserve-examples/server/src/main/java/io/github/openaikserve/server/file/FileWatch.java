package io.github.openaikserve.server.file;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a file at an interval and passes its text to a consumer when the text has changed. A text
 * is passed on only after two equal reads in a row, so a file that is being written is not used.
 * Survives every exception of reading and using the text. Thread-safe.
 */
public final class FileWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

  interface Source {
    String read() throws IOException;
  }

  /** The consumer of changed texts. */
  public interface Use {
    /**
     * Uses a changed text.
     *
     * @throws IOException if the text cannot be used; the next attempt follows the next change
     */
    void accept(String text) throws IOException;
  }

  private final Path file;
  private final Source source;
  private final Use use;
  private final ScheduledExecutorService thread;
  private String used;
  private @Nullable String candidate;
  private String reported = "";

  private FileWatch(Path file, Source source, String used, Use use) {
    this.file = file;
    this.source = source;
    this.used = used;
    this.use = use;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              var made = new Thread(task, "watch-" + file.getFileName());
              made.setDaemon(true);
              return made;
            });
  }

  /**
   * Starts to watch a file.
   *
   * @param used the text that is already in use
   */
  public static FileWatch start(Path file, String used, Duration interval, Use use) {
    return start(file, () -> BoundedFile.read(file), used, interval, use);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // check() throws nothing
  private static FileWatch start(
      Path file, Source source, String used, Duration interval, Use use) {
    var watch = new FileWatch(file, source, used, use);
    long nanos = interval.toNanos();
    watch.thread.scheduleWithFixedDelay(watch::check, nanos, nanos, TimeUnit.NANOSECONDS);
    return watch;
  }

  /** Returns a watch without a timer, which checks the file only when {@link #check} is called. */
  static FileWatch manual(Path file, Source source, String used, Use use) {
    return new FileWatch(file, source, used, use);
  }

  /** Checks the file for a change. Never throws: an exception would end the scheduled task. */
  void check() {
    try {
      readOnce();
    } catch (IOException | RuntimeException | Error e) {
      report(e);
    }
  }

  private synchronized void readOnce() throws IOException {
    String now = source.read();
    if (now.equals(used)) {
      candidate = null;
      reported = "";
      return;
    }
    if (!now.equals(candidate)) {
      candidate = now;
      return;
    }
    try {
      use.accept(now);
      reported = "";
    } catch (IOException e) {
      report(e);
    }
    // Not reached after other exceptions, which do not show that the text is unusable.
    used = now;
    candidate = null;
  }

  /** Logs a failure once, until the next change. */
  private void report(Throwable failure) {
    try {
      String reason = failure.toString();
      if (!reason.equals(reported)) {
        reported = reason;
        log.warn(
            "changed file not usable, previous version remains in use file={} reason=\"{}\"",
            file,
            reason);
      }
    } catch (RuntimeException | Error e) {
      // There may be no memory for logging; the next check tries again.
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
