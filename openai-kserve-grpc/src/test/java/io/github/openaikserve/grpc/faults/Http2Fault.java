package io.github.openaikserve.grpc.faults;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Inserts a frame into a call's stream, after a number of its DATA frames.
 *
 * <p>Source: RFC 9113, sections 4.1, 6.4 and 6.8.
 */
public final class Http2Fault implements Fault {
  private static final int HEADER = 9;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int GOAWAY = 7;

  /** Creates the inserted frame for the stream of the call. */
  private interface Maker {
    ByteBuffer frame(int stream);
  }

  private final int dataFrames;
  private final Maker maker;

  private Http2Fault(int dataFrames, Maker maker) {
    this.dataFrames = dataFrames;
    this.maker = maker;
  }

  /** Ends the stream with an error code. */
  public static Fault resetStream(int dataFrames, int code) {
    return new Http2Fault(
        dataFrames, stream -> frame(RST_STREAM, stream, ByteBuffer.allocate(4).putInt(code)));
  }

  /**
   * Sends GOAWAY.
   *
   * @param lastStream streams with higher numbers were not processed
   */
  public static Fault goAway(int dataFrames, int lastStream, int code) {
    return new Http2Fault(
        dataFrames,
        stream -> frame(GOAWAY, 0, ByteBuffer.allocate(8).putInt(lastStream).putInt(code)));
  }

  private static ByteBuffer frame(int type, int stream, ByteBuffer payload) {
    payload.flip();
    return ByteBuffer.allocate(HEADER + payload.remaining())
        .put((byte) 0)
        .putShort((short) payload.remaining())
        .put((byte) type)
        .put((byte) 0)
        .putInt(stream)
        .put(payload)
        .flip();
  }

  @Override
  public void carry(Link link) throws IOException {
    link.connect();
    var server = new DataInputStream(link.fromServer());
    int seen = 0;
    int stream = 0;
    boolean done = false;
    for (byte[] frame = next(server); frame != null; frame = next(server)) {
      boolean data = frame[3] == DATA;
      boolean ofCall = data || frame[3] == HEADERS;
      int of = ByteBuffer.wrap(frame, 5, 4).getInt();
      if (ofCall && of != stream) {
        stream = of;
        seen = 0;
        done = false;
      }
      if (!done && ofCall && seen == dataFrames) {
        done = true;
        link.toClient().write(maker.frame(stream).array());
      }
      link.toClient().write(frame);
      link.toClient().flush();
      seen += data ? 1 : 0;
    }
  }

  private static byte @Nullable [] next(DataInputStream in) throws IOException {
    byte[] header = new byte[HEADER];
    try {
      in.readFully(header);
    } catch (EOFException e) {
      return null;
    }
    int length = ((header[0] & 0xff) << 16) | ((header[1] & 0xff) << 8) | (header[2] & 0xff);
    byte[] frame = Arrays.copyOf(header, HEADER + length);
    in.readFully(frame, HEADER, length);
    return frame;
  }
}
