package io.github.openaikserve.server.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads text files up to a maximum size. */
public final class BoundedFile {
  /** The maximum size of a file, in bytes. */
  public static final int MAX_BYTES = 1 << 20;

  private BoundedFile() {}

  /**
   * Returns the text of a file.
   *
   * @throws IOException if the file cannot be read, is not UTF-8, or is larger than {@link
   *     #MAX_BYTES}
   */
  public static String read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException("%s is larger than %d bytes".formatted(file, MAX_BYTES));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
  }
}
