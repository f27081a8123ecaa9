package io.github.openaikserve.internal.http;

import io.github.openaikserve.internal.answer.AnswerSink;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.json.TextTemplate;
import io.github.openaikserve.openai.CompletionLogprobs;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A sink that emits server-sent events: one for each chunk, and {@code [DONE]} at the end. A
 * failure becomes an event of the type {@code error}, after which the stream ends.
 *
 * <p>Text is written into a template of its choice's chunks, which differ in their text only.
 * Events that are ready at the same time are emitted in one buffer.
 *
 * @param <C> a chunk
 */
final class SseSink<C> implements AnswerSink {
  /** The number of buffered bytes at which the buffer is emitted, even if more events are ready. */
  private static final int MAX_BUFFERED = 8 << 10;

  private static final int USUAL_EVENT = 512;
  private static final int TEXT = 0;
  private static final int REASONING = 1;
  private static final int KINDS = 2;
  private static final byte[] DATA = ascii("data: ");
  private static final byte[] ERROR = ascii("event: error\n");
  private static final byte[] END = ascii("\n\n");
  private static final byte[] DONE = ascii("[DONE]");
  private static final byte[] COMMENT = ascii(": keep-alive\n\n");

  private final AnswerSink chunks;
  private final Function<? super C, byte[]> json;
  private final boolean abortsFailed;
  private final RequestLog log;
  private final Runnable onTerminated;
  private final Consumer<? super ByteBuffer> output;
  private @Nullable TextTemplate[] templates = new TextTemplate[KINDS];
  private byte[] buffer = new byte[USUAL_EVENT];
  private int length;
  private boolean begun;

  /** The event of a chunk that is only a sample; null outside of {@link #sample}. */
  private byte @Nullable [] sampled;

  private boolean sampling;

  /**
   * Creates a sink.
   *
   * @param chunks makes the sink that emits chunks
   * @param json writes a chunk
   * @param abortsFailed whether an answer that fails also fails the stream
   * @param onTerminated runs at the end of the answer
   */
  SseSink(
      Function<Consumer<C>, AnswerSink> chunks,
      Function<? super C, byte[]> json,
      boolean abortsFailed,
      RequestLog log,
      Runnable onTerminated,
      Consumer<? super ByteBuffer> output) {
    this.chunks = chunks.apply(this::chunk);
    this.json = json;
    this.abortsFailed = abortsFailed;
    this.log = log;
    this.onTerminated = onTerminated;
    this.output = output;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void text(int choice, byte[] utf8, int size) {
    TextTemplate template = template(TEXT, choice);
    if (template == null) {
      chunks.text(choice, utf8, size);
      return;
    }
    reserve(template.maxSize(size));
    length = template.write(utf8, size, buffer, length);
    emitIfFull();
  }

  @Override
  public void text(int choice, String text, @Nullable CompletionLogprobs logprobs) {
    boolean plain = logprobs == null && !text.isEmpty();
    if (!plain || !fill(TEXT, choice, text)) {
      chunks.text(choice, text, logprobs);
    }
  }

  @Override
  public void reasoning(int choice, String text) {
    if (!fill(REASONING, choice, text)) {
      chunks.reasoning(choice, text);
    }
  }

  private boolean fill(int kind, int choice, String text) {
    TextTemplate template = text.length() > MAX_BUFFERED ? null : template(kind, choice);
    if (template == null) {
      return false;
    }
    reserve(template.maxSize(text.length()));
    length = template.write(text, buffer, length);
    emitIfFull();
    return true;
  }

  /** Returns the template of a text event; null before the first event, which has a role. */
  private @Nullable TextTemplate template(int kind, int choice) {
    int place = KINDS * choice + kind;
    TextTemplate known = place < templates.length ? templates[place] : null;
    if (known != null || !begun) {
      return known;
    }
    TextTemplate made = TextTemplate.of(sample(kind, choice, "x"), sample(kind, choice, "y"));
    templates = Arrays.copyOf(templates, Math.max(templates.length, place + 1));
    templates[place] = made;
    return made;
  }

  private byte[] sample(int kind, int choice, String text) {
    sampling = true;
    if (kind == TEXT) {
      chunks.text(choice, text, null);
    } else {
      chunks.reasoning(choice, text);
    }
    sampling = false;
    byte[] event = sampled;
    sampled = null;
    if (event == null) {
      throw new IllegalStateException("the sink emitted no chunk");
    }
    return event;
  }

  private void chunk(C chunk) {
    if (sampling) {
      int before = length;
      event(json.apply(chunk));
      sampled = Arrays.copyOfRange(buffer, before, length);
      length = before;
      return;
    }
    begun = true;
    event(json.apply(chunk));
    emitIfFull();
  }

  @Override
  public void toolCall(int choice, int index, String id, String name) {
    chunks.toolCall(choice, index, id, name);
  }

  @Override
  public void arguments(int choice, int index, String piece) {
    chunks.arguments(choice, index, piece);
  }

  @Override
  public void finish(int choice, FinishReason reason) {
    chunks.finish(choice, reason);
  }

  @Override
  public void complete(CompletionUsage usage) {
    chunks.complete(usage);
    event(DONE);
    flush();
  }

  @Override
  public @Nullable Throwable fail(Throwable failure) {
    log.failed(failure);
    put(ERROR);
    event(JsonCodec.write(ErrorResponses.error(failure)));
    flush();
    return abortsFailed ? failure : null;
  }

  @Override
  public void flush() {
    if (length > 0) {
      output.accept(ByteBuffer.wrap(Arrays.copyOf(buffer, length)));
      length = 0;
    }
  }

  @Override
  public void idle() {
    put(COMMENT);
    flush();
  }

  @Override
  public void terminated() {
    onTerminated.run();
  }

  private void emitIfFull() {
    if (length >= MAX_BUFFERED) {
      flush();
    }
  }

  private void event(byte[] data) {
    put(DATA);
    put(data);
    put(END);
  }

  private void put(byte[] bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  private void reserve(int more) {
    if (buffer.length - length < more) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more));
    }
  }
}
