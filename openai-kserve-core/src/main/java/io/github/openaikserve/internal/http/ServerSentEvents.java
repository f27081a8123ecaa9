package io.github.openaikserve.internal.http;

import io.github.openaikserve.internal.answer.TextStep;
import io.github.openaikserve.internal.json.ChunkJson;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.json.TextFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Chunks to server-sent events, and {@code [DONE]} at the end. A failure becomes an {@code error}
 * event, after which the stream just ends: that is the only way to report one once the headers are
 * out. One per stream.
 *
 * <p>Events that are there at the same time come in one buffer; none waits for another.
 */
final class ServerSentEvents<C> implements TextStep<C, ByteBuffer> {
  /** What is held before it is given although more may be there. */
  private static final int MAX_HELD = 8 << 10;

  private static final int USUAL_EVENT = 512;
  private static final int TEXT = 0;
  private static final int REASONING = 1;
  private static final int KINDS = 2;
  private static final byte[] PREFIX = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SUFFIX = "\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private final ChunkJson<C> json;
  private final RequestLog log;
  private @Nullable TextFrame[] frames = new TextFrame[KINDS];
  private byte[] held = new byte[USUAL_EVENT];
  private int length;

  ServerSentEvents(ChunkJson<C> json, RequestLog log) {
    this.json = json;
    this.log = log;
  }

  @Override
  public void next(C chunk, Consumer<? super ByteBuffer> output) {
    hold(json.write(chunk));
    remember(TEXT, json.textChoice(chunk), chunk);
    remember(REASONING, json.reasoningChoice(chunk), chunk);
    giveIfMuch(output);
  }

  /** Remembers what is around the text, for the next one. */
  private void remember(int kind, int choice, C chunk) {
    if (choice >= 0 && frame(kind, choice) == null) {
      int place = KINDS * choice + kind;
      frames = Arrays.copyOf(frames, Math.max(frames.length, place + 1));
      frames[place] = TextFrame.of(json, chunk, PREFIX, SUFFIX);
    }
  }

  @Override
  public boolean text(int choice, String text, Consumer<? super ByteBuffer> output) {
    return framed(frame(TEXT, choice), text, output);
  }

  @Override
  public boolean reasoning(int choice, String text, Consumer<? super ByteBuffer> output) {
    return framed(frame(REASONING, choice), text, output);
  }

  private boolean framed(
      @Nullable TextFrame frame, String text, Consumer<? super ByteBuffer> output) {
    if (frame == null || text.length() > MAX_HELD) {
      return false;
    }
    makeRoom(frame.maxSize(text.length()));
    return heldTo(frame.write(text, held, length), output);
  }

  @Override
  public boolean text(int choice, byte[] utf8, int size, Consumer<? super ByteBuffer> output) {
    TextFrame frame = frame(TEXT, choice);
    if (frame == null) {
      return false;
    }
    makeRoom(frame.maxSize(size));
    return heldTo(frame.write(utf8, size, held, length), output);
  }

  private @Nullable TextFrame frame(int kind, int choice) {
    int place = KINDS * choice + kind;
    return place < frames.length ? frames[place] : null;
  }

  private boolean heldTo(int end, Consumer<? super ByteBuffer> output) {
    if (end < 0) {
      return false;
    }
    length = end;
    giveIfMuch(output);
    return true;
  }

  @Override
  public void pause(Consumer<? super ByteBuffer> output) {
    if (length > 0) {
      output.accept(ByteBuffer.wrap(Arrays.copyOf(held, length)));
      length = 0;
    }
  }

  @Override
  public void end(Consumer<? super ByteBuffer> output) {
    hold(DONE);
    pause(output);
  }

  @Override
  public @Nullable Throwable fail(Throwable failure, Consumer<? super ByteBuffer> output) {
    log.failed(failure);
    hold(JsonCodec.write(ErrorResponses.error(failure)));
    pause(output);
    return null;
  }

  private void giveIfMuch(Consumer<? super ByteBuffer> output) {
    if (length >= MAX_HELD) {
      pause(output);
    }
  }

  private void hold(byte[] data) {
    makeRoom(PREFIX.length + data.length + SUFFIX.length);
    put(PREFIX);
    put(data);
    put(SUFFIX);
  }

  private void put(byte[] bytes) {
    System.arraycopy(bytes, 0, held, length, bytes.length);
    length += bytes.length;
  }

  private void makeRoom(int more) {
    if (held.length - length < more) {
      held = Arrays.copyOf(held, Math.max(2 * held.length, length + more));
    }
  }
}
