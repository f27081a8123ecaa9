package io.github.openaikserve.internal.http;

import io.github.openaikserve.anthropic.MessageStreamEvent;
import io.github.openaikserve.anthropic.MessageStreamEvent.Delta;
import io.github.openaikserve.internal.answer.AnswerSink;
import io.github.openaikserve.internal.json.TextTemplate;
import io.github.openaikserve.internal.json.write.MessageWriter;
import io.github.openaikserve.internal.messages.MessageSink;
import io.github.openaikserve.internal.messages.MessageSink.OpenBlock;
import io.github.openaikserve.openai.CompletionLogprobs;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
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
final class MessageSseSink extends EventSink {
  private static final byte[] PING = SseBuffer.ascii("event: ping\ndata: {\"type\":\"ping\"}\n\n");

  private final MessageSink events;
  private @Nullable OpenBlock block;
  private @Nullable TextTemplate template;

  /**
   * Creates a sink.
   *
   * @param events creates the sink that emits events
   */
  MessageSseSink(
      Function<Consumer<MessageStreamEvent>, AnswerSink> events,
      SseEnd end,
      Consumer<? super ByteBuffer> output) {
    super(new SseBuffer(output), end);
    this.events = (MessageSink) events.apply(this::event);
  }

  private void event(MessageStreamEvent event) {
    buffer.event(event.type(), MessageWriter.write(event));
    buffer.flushIfLarge();
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
    MessageStreamEvent event = open.grownBy(text);
    int before = buffer.length();
    buffer.event(event.type(), MessageWriter.write(event));
    return buffer.takeFrom(before);
  }

  @Override
  public void toolCall(int choice, int index, String id, String name) {
    events.toolCall(choice, index, id, name);
  }

  @Override
  public void customCall(int choice, int index, String id, String name, String input) {
    events.customCall(choice, index, id, name, input);
  }

  @Override
  public void stopSequence(int choice, String sequence) {
    events.stopSequence(choice, sequence);
  }

  @Override
  public void finish(int choice, FinishReason reason) {
    events.finish(choice, reason);
  }

  @Override
  public void complete(CompletionUsage usage) {
    events.complete(usage);
    flush();
  }

  /** Emits Anthropic's event {@code ping} instead of a comment. */
  @Override
  public void idle() {
    events.begin();
    buffer.put(PING);
    flush();
  }

  @Override
  public @Nullable Throwable fail(Throwable failure) {
    end.log().failed(failure);
    buffer.event("error", ClientApi.ANTHROPIC.json(failure, end.log().requestId()));
    flush();
    return end.abortsFailed() ? failure : null;
  }
}
