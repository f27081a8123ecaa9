package io.github.openaikserve.server.http;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A reader of a gzip file, which may have any number of members. Unlike {@link
 * java.util.zip.GZIPInputStream}, it does not use a level of the stack for each empty member. Not
 * thread-safe.
 *
 * <p><b>Source:</b> RFC 1952.
 */
final class Gunzip implements AutoCloseable {
  private static final int ID1 = 0x1f;
  private static final int ID2 = 0x8b;
  private static final int DEFLATE = 8;
  private static final int HEADER = 10;
  private static final int FHCRC = 1 << 1;
  private static final int FEXTRA = 1 << 2;
  private static final int FNAME = 1 << 3;
  private static final int FCOMMENT = 1 << 4;
  private static final int RESERVED = 0xe0;

  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private final byte[] bytes;
  private final int length;
  private int at;
  private boolean inMember;

  /** Creates a reader of the first {@code length} bytes. */
  Gunzip(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  /**
   * Reads decompressed bytes.
   *
   * @return the number of bytes; -1 at the end
   * @throws DataFormatException if the bytes are not gzip, or end too early
   */
  int read(byte[] into) throws DataFormatException {
    while (inMember || at < length || at == 0) {
      if (!inMember) {
        header();
      }
      int read = inflater.inflate(into);
      if (read > 0) {
        checksum.update(into, 0, read);
        return read;
      }
      if (!inflater.finished()) {
        throw new DataFormatException("the data ends too early, or needs a dictionary");
      }
      trailer();
    }
    return -1;
  }

  private void header() throws DataFormatException {
    int begin = at;
    boolean valid = next() == ID1 && next() == ID2 && next() == DEFLATE;
    int flags = next();
    if (!valid || (flags & RESERVED) != 0) {
      throw new DataFormatException("not gzip");
    }
    skip(begin + HEADER - at);
    if ((flags & FEXTRA) != 0) {
      skip(next() | next() << 8);
    }
    if ((flags & FNAME) != 0) {
      skipText();
    }
    if ((flags & FCOMMENT) != 0) {
      skipText();
    }
    if ((flags & FHCRC) != 0) {
      skip(2);
    }
    inflater.reset();
    inflater.setInput(bytes, at, length - at);
    checksum.reset();
    inMember = true;
  }

  private void trailer() throws DataFormatException {
    at = length - inflater.getRemaining();
    long size = inflater.getBytesWritten() & 0xffffffffL;
    if (number() != checksum.getValue() || number() != size) {
      throw new DataFormatException("the checksum or the size is wrong");
    }
    inMember = false;
  }

  private long number() throws DataFormatException {
    return next() | next() << 8 | next() << 16 | (long) next() << 24;
  }

  private void skipText() throws DataFormatException {
    while (next() != 0) {
      // a character of the text
    }
  }

  private void skip(int count) throws DataFormatException {
    if (count > length - at) {
      throw new DataFormatException("the header ends too early");
    }
    at += count;
  }

  private int next() throws DataFormatException {
    if (at >= length) {
      throw new DataFormatException("the data ends too early");
    }
    return bytes[at++] & 0xff;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
