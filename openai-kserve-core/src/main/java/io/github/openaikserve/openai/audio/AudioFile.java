package io.github.openaikserve.openai.audio;

import io.github.openaikserve.error.InvalidRequestException;
import java.nio.ByteBuffer;

/**
 * An audio file. Immutable: its bytes are shared with their creator, which must not change them.
 *
 * @param name the name of the file, such as {@code speech.mp3}; empty for none
 * @param bytes read-only
 */
public record AudioFile(String name, ByteBuffer bytes) {
  /**
   * Creates a file of the remaining bytes of the buffer.
   *
   * @throws InvalidRequestException if there are none
   */
  public AudioFile {
    if (!bytes.hasRemaining()) {
      throw InvalidRequestException.badValue(
          "file", "empty_file", "Invalid 'file': the audio file is empty.");
    }
    bytes = bytes.slice().asReadOnlyBuffer();
  }

  /** Returns a file of bytes, which must not be changed afterwards. */
  public static AudioFile of(String name, byte[] bytes) {
    return new AudioFile(name, ByteBuffer.wrap(bytes));
  }

  /** Returns the bytes: a new read-only view, without a copy. */
  @Override
  public ByteBuffer bytes() {
    return bytes.duplicate();
  }

  /** Returns the size; never the name or the bytes, which do not belong in a log. */
  @Override
  public String toString() {
    return "AudioFile[%d bytes]".formatted(bytes.remaining());
  }
}
