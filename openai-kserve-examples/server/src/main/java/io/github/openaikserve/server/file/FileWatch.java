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
 * Reads a file at an interval and hands over its text when it has changed. A text is handed over
 * once it was read twice in a row, so that half of a file that is being written is not. Survives
 * whatever reading and using the text throws. Thread-safe.
 */
public final class FileWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

  /** Reads the file. */
  interface Source {
    String read() throws IOException;
  }

  /** Uses a changed text. */
  public interface Use {
    /**
     * Uses the text.
     *
     * @throws IOException if the text cannot be used: the next attempt is made when it changes
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
   * @param used the text that is in use already
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

  /** Returns a watch that looks only when it is told to. */
  static FileWatch manual(Path file, Source source, String used, Use use) {
    return new FileWatch(file, source, used, use);
  }

  /** Looks for a change. Never throws: what throws would end the watch. */
  void check() {
    try {
      look();
    } catch (IOException | RuntimeException | Error e) {
      report(e);
    }
  }

  private synchronized void look() throws IOException {
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
    // Not reached after anything else that is thrown, which says nothing about the text.
    used = now;
    candidate = null;
  }

  /** Logs a failure once until the next change. */
  private void report(Throwable failure) {
    try {
      String reason = failure.toString();
      if (!reason.equals(reported)) {
        reported = reason;
        log.warn(
            "changed file cannot be used, its last version is kept file={} reason={}",
            file,
            reason);
      }
    } catch (RuntimeException | Error e) {
      // There may be no memory to log with; the next check tries again.
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
