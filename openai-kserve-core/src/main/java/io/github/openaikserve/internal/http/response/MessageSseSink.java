package io.github.openaikserve.internal.http.response;

import io.github.openaikserve.anthropic.MessageStreamEvent;
import io.github.openaikserve.anthropic.MessageStreamEvent.Delta;
import io.github.openaikserve.internal.answer.AnswerSink;
import io.github.openaikserve.internal.json.TextTemplate;
import io.github.openaikserve.internal.json.write.MessageWriter;
import io.github.openaikserve.internal.messages.MessageSink;
import io.github.openaikserve.internal.messages.MessageSink.OpenBlock;
import io.github.openaikserve.openai.CompletionLogprobs;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A sink that writes the events of a message as server-sent events. A failure becomes the event
 * {@code error}, after which the stream ends.
 *
 * <p>Text is written with a template for the block's events, which differ only in their text.
 */
public final class MessageSseSink extends EventSink<MessageStreamEvent, MessageSink> {
  private static final byte[] PING = SseBuffer.ascii("event: ping\ndata: {\"type\":\"ping\"}\n\n");

  private @Nullable OpenBlock block;
  private @Nullable TextTemplate template;

  /**
   * Creates a sink.
   *
   * @param events creates the sink that emits events
   */
  public MessageSseSink(
      Function<Consumer<MessageStreamEvent>, AnswerSink> events,
      StreamedResponse response,
      Consumer<? super ByteBuffer> output) {
    super(emitted -> (MessageSink) events.apply(emitted), response, output);
  }

  @Override
  void write(MessageStreamEvent event) {
    buffer.event(event.type(), MessageWriter.write(event));
  }

  @Override
  public void text(int choice, byte[] utf8, int length) {
    OpenBlock open = events.open(Delta.TEXT);
    if (open == null) {
      events.text(choice, utf8, length);
      return;
    }
    buffer.put(template(open), utf8, length);
    buffer.flushIfLarge();
  }

  @Override
  public void text(int choice, String text, @Nullable CompletionLogprobs logprobs) {
    if (!fill(events.open(Delta.TEXT), text)) {
      events.text(choice, text, logprobs);
    }
  }

  @Override
  public void reasoning(int choice, String text) {
    if (events.omitsThinking() || !fill(events.open(Delta.THINKING), text)) {
      events.reasoning(choice, text);
    }
  }

  @Override
  public void arguments(int choice, int index, String piece) {
    if (!fill(events.open(Delta.INPUT_JSON), piece)) {
      events.arguments(choice, index, piece);
    }
  }

  private boolean fill(@Nullable OpenBlock open, String text) {
    if (open == null || text.isEmpty() || text.length() > SseBuffer.MAX_BUFFERED) {
      return false;
    }
    buffer.put(template(open), text);
    buffer.flushIfLarge();
    return true;
  }

  /** Returns the template of a block's delta events. */
  private TextTemplate template(OpenBlock open) {
    TextTemplate known = template;
    if (known != null && open.equals(block)) {
      return known;
    }
    TextTemplate made = TextTemplate.of(sample(open, "x"), sample(open, "y"));
    block = open;
    template = made;
    return made;
  }

  private byte[] sample(OpenBlock open, String text) {
    int before = buffer.length();
    write(open.grownBy(text));
    return buffer.takeFrom(before);
  }

  /** Emits Anthropic's event {@code ping} instead of a comment. */
  @Override
  public void idle() {
    events.begin();
    buffer.put(PING);
    flush();
  }

  @Override
  void writeFailure(Throwable failure) {
    buffer.event("error", ClientApi.ANTHROPIC.json(failure, response.requestId()));
  }
}
