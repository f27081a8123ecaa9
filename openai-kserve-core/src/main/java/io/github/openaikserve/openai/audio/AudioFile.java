package io.github.openaikserve.openai.audio;

import io.github.openaikserve.error.InvalidRequestException;
import java.nio.ByteBuffer;

/**
 * An audio file. Immutable. Shares its bytes with the creator, which must not modify them.
 *
 * @param name the name of the file, such as {@code speech.mp3}; empty for none
 * @param bytes read-only
 */
public record AudioFile(String name, ByteBuffer bytes) {
  /**
   * Creates a file from the remaining bytes of a buffer.
   *
   * @throws InvalidRequestException if the buffer is empty
   */
  public AudioFile {
    if (!bytes.hasRemaining()) {
      throw InvalidRequestException.badValue(
          "file", "empty_file", "Invalid 'file': the audio file is empty.");
    }
    bytes = bytes.slice().asReadOnlyBuffer();
  }

  /** Returns a file of these bytes. The array must not be modified afterwards. */
  public static AudioFile of(String name, byte[] bytes) {
    return new AudioFile(name, ByteBuffer.wrap(bytes));
  }

  /** Returns a new read-only view of the bytes. Copies nothing. */
  @Override
  public ByteBuffer bytes() {
    return bytes.duplicate();
  }

  /** Returns the size; never the name or the bytes, which must not be logged. */
  @Override
  public String toString() {
    return "AudioFile[%d bytes]".formatted(bytes.remaining());
  }
}
