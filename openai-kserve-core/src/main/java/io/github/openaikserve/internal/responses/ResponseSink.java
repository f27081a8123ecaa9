package io.github.openaikserve.internal.responses;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.AnswerSink;
import io.github.openaikserve.internal.answer.call.AnswerMetadata;
import io.github.openaikserve.internal.text.Utf8Text;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.CompletionLogprobs;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.openai.responses.Response;
import io.github.openaikserve.openai.responses.ResponseError;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.openai.responses.ResponseStatus;
import io.github.openaikserve.openai.responses.ResponseStreamEvent;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A sink that emits the events of a response. The last event contains the whole response. The start
 * of an item ends the previous one. Not thread-safe.
 */
public final class ResponseSink implements AnswerSink {
  private final ResponseChat chat;
  private final ResponseEvents events;
  private @Nullable OpenItem open;

  /** White space before a message, which is dropped if no text follows. */
  private final StringBuilder blank = new StringBuilder(0);

  private final List<ChatCompletionTokenLogprob> heldLogprobs = new ArrayList<>(0);
  private FinishReason reason = FinishReason.STOP;

  /** Whether the last item is a call that was cut off, even if the server says {@code stop}. */
  private boolean callIsCut;

  private @Nullable Response whole;
  private @Nullable CompletableFuture<Boolean> stored;

  /** Creates a sink for one answer. */
  public ResponseSink(
      ResponseChat chat, AnswerMetadata head, Consumer<? super ResponseStreamEvent> output) {
    this.chat = chat;
    this.events = new ResponseEvents(chat, head, output);
  }

  /** Returns the open item for a kind of text; null if such text starts a new item. */
  public @Nullable OpenItem open(Field field) {
    return open != null && open.field == field ? open : null;
  }

  /**
   * Appends text to the open item without emitting an event. Returns the sequence number of its
   * event.
   */
  public int append(OpenItem item, byte[] utf8, int length) {
    Utf8Text.append(item.text, utf8, length);
    return events.next();
  }

  /**
   * Appends text to the open item without emitting an event. Returns the sequence number of its
   * event.
   */
  public int append(OpenItem item, String text) {
    item.text.append(text);
    return events.next();
  }

  /** Returns the field that contains reasoning. */
  public Field reasoningField() {
    return chat.showsReasoningText() ? Field.REASONING_TEXT : Field.REASONING_SUMMARY_TEXT;
  }

  @Override
  public void text(int choice, String text, @Nullable CompletionLogprobs logprobs) {
    if (logprobs != null) {
      heldLogprobs.addAll(logprobs.tokens());
    }
    OpenItem message = open(Field.OUTPUT_TEXT);
    if (message == null) {
      blank.append(text);
      if (!text.isBlank()) {
        beginMessage();
      }
    } else if (!text.isEmpty() || !heldLogprobs.isEmpty()) {
      grow(message, text);
    }
  }

  private void beginMessage() {
    String text = blank.toString();
    OpenItem message = begin(Field.OUTPUT_TEXT, "msg_", null, null);
    events.start(message);
    if (!text.isEmpty()) {
      grow(message, text);
    }
  }

  @Override
  public void reasoning(int choice, String text) {
    Field field = reasoningField();
    OpenItem item = open(field);
    if (item == null) {
      item = begin(field, "rs_", null, null);
      events.start(item);
    }
    grow(item, text);
  }

  @Override
  public void toolCall(int choice, int index, String id, String name) {
    OpenItem call = begin(Field.FUNCTION_CALL_ARGUMENTS, "fc_", id, chat.tool(name));
    events.start(call);
  }

  @Override
  public void customCall(int choice, int index, String id, String name, String input) {
    OpenItem call = begin(Field.CUSTOM_TOOL_CALL_INPUT, "ctc_", id, chat.tool(name));
    events.start(call);
    grow(call, input);
  }

  /** Returns true, because a response represents a cut-off call as an incomplete item. */
  @Override
  public boolean keepsCutCalls() {
    return true;
  }

  @Override
  public void cutCall(int choice) {
    callIsCut = true;
  }

  @Override
  public void arguments(int choice, int index, String piece) {
    OpenItem call = open;
    if (call == null) {
      throw new IllegalStateException("arguments without a call");
    }
    grow(call, piece);
  }

  private void grow(OpenItem item, String text) {
    item.text.append(text);
    List<ChatCompletionTokenLogprob> logprobs = List.of();
    if (item.field == Field.OUTPUT_TEXT && !heldLogprobs.isEmpty()) {
      logprobs = List.copyOf(heldLogprobs);
      item.logprobs.addAll(heldLogprobs);
      heldLogprobs.clear();
    }
    events.emit(item.delta(text, logprobs, events.next()));
  }

  @Override
  public void finish(int choice, FinishReason finishReason) {
    reason = finishReason;
  }

  /** Stores the response, because its last event contains whether it is stored. */
  @Override
  public @Nullable CompletableFuture<?> completing(CompletionUsage usage) {
    boolean filtered = reason == FinishReason.CONTENT_FILTER;
    boolean cut = reason == FinishReason.LENGTH || filtered || callIsCut;
    end(cut ? ResponseItem.INCOMPLETE : ResponseItem.COMPLETED);
    if (!cut && events.items().stream().allMatch(ResponseItem.Reasoning.class::isInstance)) {
      beginMessage(); // clients expect at least one message
      end(ResponseItem.COMPLETED);
    }
    events.begin();
    ResponseStatus status = cut ? ResponseStatus.INCOMPLETE : ResponseStatus.COMPLETED;
    String why = filtered ? "content_filter" : "max_output_tokens";
    Response response = events.response(status, null, cut ? why : null, usage);
    whole = response;
    stored = chat.store(response);
    return stored;
  }

  @Override
  public void complete(CompletionUsage usage) {
    Response response = Objects.requireNonNull(whole);
    boolean lost = stored != null && !stored.getNow(false);
    events.snapshot("response." + response.status().value(), lost ? response.unstored() : response);
  }

  /** Returns a copy of the failure with the text received before it. */
  @Override
  public Throwable fail(Throwable failure) {
    var text = new StringBuilder();
    events.items().stream()
        .filter(ResponseItem.Message.class::isInstance)
        .forEach(item -> text.append(((ResponseItem.Message) item).text()));
    OpenItem message = open(Field.OUTPUT_TEXT);
    if (message != null) {
      text.append(message.text);
    }
    return failure instanceof OpenAiException error && !text.isEmpty()
        ? error.withPartialText(text.toString())
        : failure;
  }

  /**
   * Emits the events of a failure: {@code error}, and the response so far.
   *
   * @param code the specific error code; null for none
   * @param error the error of the response
   */
  public void emitFailure(@Nullable String code, ResponseError error, @Nullable String param) {
    events.begin();
    OpenItem item = open;
    if (item != null) {
      events.add(item.item(ResponseItem.INCOMPLETE));
      open = null;
    }
    events.emit(new ResponseStreamEvent.Failure(events.next(), code, error.message(), param));
    events.snapshot(
        "response.failed", events.response(ResponseStatus.FAILED, error, null, null).unstored());
  }

  private OpenItem begin(
      Field field, String prefix, @Nullable String callId, ResponseTools.@Nullable Named tool) {
    events.begin();
    end(ResponseItem.COMPLETED);
    blank.setLength(0);
    var item = new OpenItem(field, chat.itemId(prefix), events.items().size(), callId, tool);
    open = item;
    return item;
  }

  /** Ends the open item, if there is one. */
  private void end(String status) {
    OpenItem item = open;
    if (item != null) {
      events.end(item, status);
      open = null;
    }
  }
}
