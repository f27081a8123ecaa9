package io.github.openaikserve.internal.responses;

import io.github.openaikserve.internal.answer.call.AnswerMetadata;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.responses.Response;
import io.github.openaikserve.openai.responses.ResponseError;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.openai.responses.ResponseStatus;
import io.github.openaikserve.openai.responses.ResponseStreamEvent;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.Field;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.OutputItem;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.Snapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The numbered events of one response, and its items that have ended. Not thread-safe. */
final class ResponseEvents {
  private static final String CREATED = "response.created";
  private static final String PROGRESS = "response.in_progress";

  private final ResponseChat chat;
  private final AnswerMetadata head;
  private final Consumer<? super ResponseStreamEvent> output;
  private final List<ResponseItem> items = new ArrayList<>(2);
  private int sequence;
  private boolean begun;

  ResponseEvents(
      ResponseChat chat, AnswerMetadata head, Consumer<? super ResponseStreamEvent> output) {
    this.chat = chat;
    this.head = head;
    this.output = output;
  }

  /** Returns whether an event is the last one of a response that has not failed. */
  static boolean isLast(ResponseStreamEvent event) {
    return event instanceof Snapshot snapshot
        && snapshot.response().status() != ResponseStatus.IN_PROGRESS;
  }

  /** Returns the sequence number of the next event, and counts the event. */
  int next() {
    return sequence++;
  }

  void emit(ResponseStreamEvent event) {
    output.accept(event);
  }

  /** Emits an event with a whole response. */
  void snapshot(String type, Response response) {
    emit(new Snapshot(type, next(), response));
  }

  /** Returns the items that have ended. */
  List<ResponseItem> items() {
    return Collections.unmodifiableList(items);
  }

  /** Adds an item that has ended, without an event. */
  void add(ResponseItem item) {
    items.add(item);
  }

  /** Emits the events of the start of an item. */
  void start(OpenItem item) {
    emit(item.added(next()));
    if (item.field == Field.OUTPUT_TEXT) {
      emit(item.part(false, next()));
    } else if (item.field == Field.REASONING_SUMMARY_TEXT) {
      emit(item.summary(false, next()));
    }
  }

  /** Adds an item that ends now, and emits the events of its end. */
  void end(OpenItem item, String status) {
    ResponseItem whole = item.item(status);
    emit(item.done(next()));
    if (item.field == Field.OUTPUT_TEXT) {
      emit(item.part(true, next()));
    } else if (item.field == Field.REASONING_SUMMARY_TEXT) {
      emit(item.summary(true, next()));
    }
    emit(new OutputItem(OpenItem.ITEM_DONE, next(), item.outputIndex, whole));
    add(whole);
  }

  /**
   * Returns the response with the items that have ended.
   *
   * @param error the failure; null unless the response failed
   * @param incompleteReason why the response is incomplete; null unless it is
   * @param usage the token usage; null before the end
   */
  Response response(
      ResponseStatus status,
      @Nullable ResponseError error,
      @Nullable String incompleteReason,
      @Nullable CompletionUsage usage) {
    return new Response(
        head.id(),
        head.created(),
        status == ResponseStatus.COMPLETED ? chat.now() : null,
        head.model(),
        status,
        error,
        incompleteReason,
        items,
        usage,
        chat.request(),
        head.droppedParams());
  }

  /** Emits the first events, unless they were already emitted. */
  void begin() {
    if (!begun) {
      begun = true;
      Response started = response(ResponseStatus.IN_PROGRESS, null, null, null);
      snapshot(CREATED, started);
      snapshot(PROGRESS, started);
    }
  }
}
