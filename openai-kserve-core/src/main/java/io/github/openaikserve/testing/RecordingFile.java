package io.github.openaikserve.testing;

import io.github.openaikserve.internal.json.JsonCodec;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file to which lines are added, whole and in the order in which they come. Thread-safe.
 *
 * <p>Lines wait in a buffer of fixed size until it is full or a line asks to be out, so that a line
 * costs its caller a copy, seldom a write, and never a wait for the disk to have it. What is in the
 * file is readable at any time but for a last line that is cut. A recording that fails is given up,
 * and says so when it is closed: the conversation goes on.
 */
final class RecordingFile implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RecordingFile.class);
  private static final int BUFFER = 64 << 10;
  private static final int FORMAT = 1;

  private final Path path;
  private final long start = System.nanoTime();

  // Guarded by this.
  private final OutputStream out;
  private @Nullable Exception failure;
  private boolean closed;

  private RecordingFile(Path path, OutputStream out) {
    this.path = path;
    this.out = out;
  }

  /** Begins the file anew. */
  static RecordingFile create(Path path) {
    try {
      var file = new RecordingFile(path, new BufferedOutputStream(open(path), BUFFER));
      file.write(true, () -> new LinkedHashMap<>(Map.of("recording", FORMAT)));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot record to " + path, e);
    }
  }

  /** Opens the file for its owner alone, where the file system has such permissions. */
  private static OutputStream open(Path path) throws IOException {
    boolean posix =
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            && path.getFileSystem().equals(FileSystems.getDefault());
    if (!posix) {
      return Files.newOutputStream(path);
    }
    Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rw-------");
    var opened =
        Files.newByteChannel(
            path,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING),
            PosixFilePermissions.asFileAttribute(owner));
    if (Files.isRegularFile(path)) {
      Files.setPosixFilePermissions(path, owner); // the file may have been there
    }
    return Channels.newOutputStream(opened);
  }

  /** Milliseconds since the recording began, to the microsecond. */
  double now() {
    return Math.round((System.nanoTime() - start) / 1e3) / 1e3;
  }

  /**
   * Adds a line. Does not throw.
   *
   * @param out whether it and all before it leave the buffer
   */
  void write(boolean out, Supplier<Map<String, @Nullable Object>> line) {
    byte[] bytes;
    try {
      bytes = (JsonCodec.writeValue(line.get()) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (RuntimeException e) {
      giveUp(e);
      return;
    }
    synchronized (this) {
      if (failure != null || closed) {
        return;
      }
      try {
        this.out.write(bytes);
        if (out) {
          this.out.flush();
        }
      } catch (IOException e) {
        giveUp(e);
      }
    }
  }

  private synchronized void giveUp(Exception e) {
    if (failure == null) {
      failure = e;
      log.warn("the recording {} is given up: {}", path, e.toString());
    }
  }

  /**
   * Closes the file. Does nothing the second time.
   *
   * @throws IllegalStateException if the recording is not whole, with the reason as its cause
   */
  @Override
  public void close() {
    Exception reason;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      try {
        out.close();
      } catch (IOException e) {
        giveUp(e);
      }
      reason = failure;
    }
    if (reason != null) {
      throw new IllegalStateException("the recording " + path + " is not whole", reason);
    }
  }
}
