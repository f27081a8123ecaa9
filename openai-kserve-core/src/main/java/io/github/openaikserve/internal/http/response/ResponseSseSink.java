package io.github.openaikserve.internal.http.response;

import io.github.openaikserve.internal.answer.AnswerSink;
import io.github.openaikserve.internal.json.TextTemplate;
import io.github.openaikserve.internal.json.write.ErrorResponse;
import io.github.openaikserve.internal.json.write.ResponseEventWriter;
import io.github.openaikserve.internal.responses.OpenItem;
import io.github.openaikserve.internal.responses.ResponseErrors;
import io.github.openaikserve.internal.responses.ResponseSink;
import io.github.openaikserve.openai.CompletionLogprobs;
import io.github.openaikserve.openai.responses.ResponseStreamEvent;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.Field;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A sink that writes the events of a response as server-sent events. A failure becomes the events
 * {@code error} and {@code response.failed}.
 *
 * <p>Text is written with a template for the item's events, which differ only in their text and
 * sequence number. The number is the last field of an event.
 */
public final class ResponseSseSink extends EventSink<ResponseStreamEvent, ResponseSink> {
  /** The bytes after the sequence number of an event. */
  private static final byte[] AFTER_NUMBER = SseBuffer.ascii("}\n\n");

  private @Nullable OpenItem item;
  private @Nullable TextTemplate template;

  /**
   * Creates a sink.
   *
   * @param events creates the sink that emits events
   */
  public ResponseSseSink(
      Function<Consumer<ResponseStreamEvent>, AnswerSink> events,
      StreamedResponse response,
      Consumer<? super ByteBuffer> output) {
    super(emitted -> (ResponseSink) events.apply(emitted), response, output);
  }

  @Override
  void write(ResponseStreamEvent event) {
    buffer.event(event.type(), ResponseEventWriter.write(event));
  }

  @Override
  public void text(int choice, byte[] utf8, int length) {
    OpenItem message = events.open(Field.OUTPUT_TEXT);
    if (message == null) {
      events.text(choice, utf8, length);
      return;
    }
    int number = events.append(message, utf8, length);
    buffer.put(template(message), utf8, length);
    endEvent(number);
  }

  @Override
  public void text(int choice, String text, @Nullable CompletionLogprobs logprobs) {
    OpenItem message = logprobs == null ? events.open(Field.OUTPUT_TEXT) : null;
    if (message == null || !fill(message, text)) {
      events.text(choice, text, logprobs);
    }
  }

  @Override
  public void reasoning(int choice, String text) {
    OpenItem reasoning = events.open(events.reasoningField());
    if (reasoning == null || !fill(reasoning, text)) {
      events.reasoning(choice, text);
    }
  }

  @Override
  public void arguments(int choice, int index, String piece) {
    OpenItem call = events.open(Field.FUNCTION_CALL_ARGUMENTS);
    if (call == null || !fill(call, piece)) {
      events.arguments(choice, index, piece);
    }
  }

  private boolean fill(OpenItem grown, String text) {
    if (text.length() > SseBuffer.MAX_BUFFERED) {
      return false;
    }
    int number = events.append(grown, text);
    buffer.put(template(grown), text);
    endEvent(number);
    return true;
  }

  private void endEvent(int number) {
    buffer.put(number);
    buffer.put(AFTER_NUMBER);
    buffer.flushIfLarge();
  }

  /** Returns the template of an item's delta events, up to the sequence number. */
  private TextTemplate template(OpenItem grown) {
    TextTemplate known = template;
    if (known != null && item == grown) {
      return known;
    }
    TextTemplate made = TextTemplate.of(sample(grown, "x"), sample(grown, "y"));
    item = grown;
    template = made;
    return made;
  }

  private byte[] sample(OpenItem grown, String text) {
    int before = buffer.length();
    write(grown.delta(text, List.of(), 0));
    byte[] sample = buffer.takeFrom(before);
    return Arrays.copyOf(sample, sample.length - AFTER_NUMBER.length - 1);
  }

  @Override
  void writeFailure(Throwable failure) {
    ErrorResponse error = ErrorResponses.error(failure);
    events.emitFailure(
        error.code(),
        ResponseErrors.of(error.code(), error.type(), error.message()),
        error.param());
  }
}
