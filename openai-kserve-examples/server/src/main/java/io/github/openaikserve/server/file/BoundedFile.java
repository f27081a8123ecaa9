package io.github.openaikserve.server.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads text files up to a maximum size. */
public final class BoundedFile {
  /** The maximum size of a file, in bytes. */
  public static final int MAX_BYTES = 1 << 20;

  /** Some editors write a byte order mark at the beginning of a file. */
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private BoundedFile() {}

  /**
   * Returns the text of a file, without a byte order mark.
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
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new NotUtf8Exception(file, e);
    }
  }

  /** Unlike the JDK's exceptions, names the file. */
  private static final class NotUtf8Exception extends CharacterCodingException {
    private static final long serialVersionUID = 1L;

    private final String message;

    NotUtf8Exception(Path file, CharacterCodingException cause) {
      message = file + " is not UTF-8";
      initCause(cause);
    }

    @Override
    public String getMessage() {
      return message;
    }
  }
}
