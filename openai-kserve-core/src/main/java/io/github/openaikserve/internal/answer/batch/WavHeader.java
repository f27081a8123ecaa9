package io.github.openaikserve.internal.answer.batch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The header of a WAV file with 16-bit samples and one channel.
 *
 * <p>Source: Microsoft and IBM, <i>Multimedia Programming Interface and Data Specifications
 * 1.0</i>, WAVE.
 */
final class WavHeader {
  private static final int SIZE = 44;
  private static final int BEFORE_DATA = SIZE - 8;
  private static final int FORMAT_SIZE = 16;
  private static final short PCM = 1;
  private static final short CHANNELS = 1;

  private WavHeader() {}

  /**
   * Returns the header.
   *
   * @param rate the sample rate in samples per second
   * @param size the size of the samples in bytes; negative if unknown, as in a stream
   */
  static byte[] of(int rate, int size) {
    ByteBuffer header = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    header.put(ascii("RIFF")).putInt(size < 0 ? -1 : BEFORE_DATA + size).put(ascii("WAVE"));
    header.put(ascii("fmt ")).putInt(FORMAT_SIZE).putShort(PCM).putShort(CHANNELS);
    header.putInt(rate).putInt(rate * Short.BYTES);
    header.putShort((short) Short.BYTES).putShort((short) Short.SIZE);
    header.put(ascii("data")).putInt(size < 0 ? -1 : size);
    return header.array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
