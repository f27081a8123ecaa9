package io.github.openaikserve.grpc.recording;

import io.github.openaikserve.grpc.proto.RecordedEvent;
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
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file to which events are added, each as one line. Thread-safe.
 *
 * <p>Lines wait in a buffer until it is full or a call ends, so that a line seldom costs its caller
 * a write. A recording that fails is given up, and closing it reports the reason: the conversation
 * continues.
 */
final class RecordingFile implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RecordingFile.class);
  private static final int BUFFER = 64 << 10;

  private final Path path;
  private final long start = System.nanoTime();

  // Guarded by this.
  private final OutputStream out;
  private @Nullable Exception failure;
  private boolean closed;

  /**
   * Begins a file anew.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  RecordingFile(Path path) {
    this.path = path;
    try {
      out = new BufferedOutputStream(open(path), BUFFER);
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

  /**
   * Adds an event. Does not throw.
   *
   * @param last whether it and all before it leave the buffer
   * @param fields sets the fields of the event but its time
   */
  void write(boolean last, Consumer<RecordedEvent.Builder> fields) {
    RecordedEvent.Builder event = RecordedEvent.newBuilder();
    event.setMs(Math.round((System.nanoTime() - start) / 1e3) / 1e3);
    byte[] line;
    try {
      fields.accept(event);
      line = (EventJson.write(event.build()) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (RuntimeException e) { // a redaction of the application
      giveUp(e);
      return;
    }
    synchronized (this) {
      if (failure != null || closed) {
        return;
      }
      try {
        out.write(line);
        if (last) {
          out.flush();
        }
      } catch (IOException e) {
        giveUp(e);
      }
    }
  }

  private synchronized void giveUp(Exception e) {
    if (failure == null) {
      failure = e;
      log.warn("recording stopped file={} reason={}", path, e.toString());
    }
  }

  /**
   * Closes the file. Does nothing the second time.
   *
   * @throws IllegalStateException if the recording is not whole, with the reason as its cause
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      out.close();
    } catch (IOException e) {
      giveUp(e);
    }
    if (failure != null) {
      throw new IllegalStateException("the recording " + path + " is not whole", failure);
    }
  }
}
