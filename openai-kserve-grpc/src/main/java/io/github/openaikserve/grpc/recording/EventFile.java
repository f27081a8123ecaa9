package io.github.openaikserve.grpc.recording;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.github.openaikserve.grpc.proto.RecordedEvent;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
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
 * A file to which events are appended, one per line as protobuf JSON. Thread-safe.
 *
 * <p>Lines are buffered until the buffer is full or a call ends, so that callers seldom wait for a
 * write. After a failure nothing more is recorded, but calls continue; {@link #close} reports the
 * failure.
 */
final class EventFile implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventFile.class);
  private static final int BUFFER = 64 << 10;

  private final Path path;
  private final long start = System.nanoTime();

  // Guarded by this.
  private final OutputStream out;
  private @Nullable Throwable failure;
  private boolean closed;

  /**
   * Creates or truncates a file.
   *
   * @throws IllegalStateException if the library for JSON is missing
   * @throws UncheckedIOException if the file cannot be written
   */
  EventFile(Path path) {
    checkLibrary();
    this.path = path;
    try {
      out = new BufferedOutputStream(open(path), BUFFER);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot record to " + path, e);
    }
  }

  /**
   * Checks that {@code protobuf-java-util}, an optional dependency, is present.
   *
   * @throws IllegalStateException if the library is missing
   */
  static void checkLibrary() {
    try {
      var unused = JsonFormat.parser();
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "recordings need com.google.protobuf:protobuf-java-util in the version of protobuf-java",
          e);
    }
  }

  /**
   * Opens the file with access for its owner only, if the file system supports POSIX permissions.
   */
  private static OutputStream open(Path path) throws IOException {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
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
      Files.setPosixFilePermissions(path, owner); // an existing file keeps its permissions
    }
    return Channels.newOutputStream(opened);
  }

  /**
   * Adds an event. Does not throw.
   *
   * @param last whether to flush this event and all events before it
   * @param fields sets the fields of the event, except its time
   */
  void write(boolean last, Consumer<RecordedEvent.Builder> fields) {
    var event = RecordedEvent.newBuilder();
    event.setMs(Math.round((System.nanoTime() - start) / 1e3) / 1e3);
    try {
      fields.accept(event);
      append((json(event.build()) + "\n").getBytes(StandardCharsets.UTF_8), last);
    } catch (Throwable e) { // also thrown by the application's redaction
      giveUp(e);
    }
  }

  private synchronized void append(byte[] line, boolean last) throws IOException {
    if (failure == null && !closed) {
      out.write(line);
      if (last) {
        out.flush();
      }
    }
  }

  private synchronized void giveUp(Throwable e) {
    if (failure == null) {
      failure = e;
      log.warn("recording stopped file={} reason={}", path, e.toString());
    }
  }

  /**
   * Closes the file. Has no effect the second time.
   *
   * @throws IllegalStateException if the recording is incomplete, with the reason as its cause
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
      throw new IllegalStateException("the recording " + path + " is incomplete", failure);
    }
  }

  /** Returns an event as a line, without its end. */
  static String json(RecordedEvent event) throws InvalidProtocolBufferException {
    return JsonFormat.printer()
        .omittingInsignificantWhitespace()
        .preservingProtoFieldNames()
        .print(event);
  }

  /**
   * Returns the event of a line.
   *
   * @throws InvalidProtocolBufferException if the line is not the JSON of an event
   */
  static RecordedEvent event(String line) throws InvalidProtocolBufferException {
    var event = RecordedEvent.newBuilder();
    JsonFormat.parser().merge(line, event);
    return event.build();
  }
}
