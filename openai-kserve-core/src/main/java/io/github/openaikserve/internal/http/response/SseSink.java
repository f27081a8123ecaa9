package io.github.openaikserve.internal.http.response;

import io.github.openaikserve.internal.answer.AnswerSink;
import io.github.openaikserve.internal.json.TextTemplate;
import io.github.openaikserve.openai.CompletionLogprobs;
import io.github.openaikserve.openai.CompletionUsage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A sink that writes server-sent events: one for each chunk, and {@code [DONE]} at the end. A
 * failure becomes an event of type {@code error}, after which the stream ends.
 *
 * <p>Only text takes a shorter path than the sink of chunks: the chunks of a choice differ only in
 * their text, so it is written into a template, which is made from two sample chunks.
 *
 * @param <C> a chunk
 */
public final class SseSink<C> extends EventSink<C, AnswerSink> {
  private static final int TEXT = 0;
  private static final int REASONING = 1;
  private static final int KINDS = 2;
  private static final byte[] DONE = SseBuffer.ascii("[DONE]");

  private final Function<? super C, byte[]> json;
  private @Nullable TextTemplate[] templates = new TextTemplate[KINDS];
  private boolean begun;

  /** The event of a sample chunk; null outside of {@link #sample}. */
  private byte @Nullable [] sampled;

  private boolean sampling;

  /**
   * Creates a sink.
   *
   * @param chunks creates the sink that emits chunks
   * @param json writes a chunk
   */
  public SseSink(
      Function<Consumer<C>, AnswerSink> chunks,
      Function<? super C, byte[]> json,
      StreamedResponse response,
      Consumer<? super ByteBuffer> output) {
    super(chunks, response, output);
    this.json = json;
  }

  @Override
  public void text(int choice, byte[] utf8, int size) {
    TextTemplate template = template(TEXT, choice);
    if (template == null) {
      events.text(choice, utf8, size);
      return;
    }
    buffer.put(template, utf8, size);
    buffer.flushIfLarge();
  }

  @Override
  public void text(int choice, String text, @Nullable CompletionLogprobs logprobs) {
    boolean plain = logprobs == null && !text.isEmpty();
    if (!plain || !fill(TEXT, choice, text)) {
      events.text(choice, text, logprobs);
    }
  }

  @Override
  public void reasoning(int choice, String text) {
    if (!fill(REASONING, choice, text)) {
      events.reasoning(choice, text);
    }
  }

  private boolean fill(int kind, int choice, String text) {
    TextTemplate template = text.length() > SseBuffer.MAX_BUFFERED ? null : template(kind, choice);
    if (template == null) {
      return false;
    }
    buffer.put(template, text);
    buffer.flushIfLarge();
    return true;
  }

  /**
   * Returns the template of a text event; null before the first event, which also contains a role.
   */
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
      events.text(choice, text, null);
    } else {
      events.reasoning(choice, text);
    }
    sampling = false;
    byte[] event = sampled;
    sampled = null;
    if (event == null) {
      throw new IllegalStateException("the sink emitted no chunk");
    }
    return event;
  }

  @Override
  void write(C chunk) {
    int before = buffer.length();
    buffer.event(json.apply(chunk));
    if (sampling) {
      sampled = buffer.takeFrom(before);
    } else {
      begun = true;
    }
  }

  @Override
  public void complete(CompletionUsage usage) {
    events.complete(usage);
    buffer.event(DONE);
    flush();
  }
}
