package io.github.openaikserve.internal.responses;

import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.responses.ResponseContent;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.ContentPart;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.Field;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.OutputItem;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.SummaryPart;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The open item that the model is writing, with its text so far. Not thread-safe.
 *
 * <p>The events of one open item differ only in their text and sequence number, so one template per
 * open item can write them.
 */
public final class OpenItem {
  private static final String ITEM_ADDED = "response.output_item.added";
  static final String ITEM_DONE = "response.output_item.done";
  private static final String PART_ADDED = "response.content_part.added";
  private static final String PART_DONE = "response.content_part.done";
  private static final String SUMMARY_ADDED = "response.reasoning_summary_part.added";
  private static final String SUMMARY_DONE = "response.reasoning_summary_part.done";

  final Field field;
  final String id;
  final int outputIndex;

  /** The id and the tool of a tool call; null for other items. */
  final @Nullable String callId;

  final ResponseTools.@Nullable Named tool;

  final StringBuilder text = new StringBuilder();
  final List<ChatCompletionTokenLogprob> logprobs = new ArrayList<>(0);

  OpenItem(
      Field field,
      String id,
      int outputIndex,
      @Nullable String callId,
      ResponseTools.@Nullable Named tool) {
    this.field = field;
    this.id = id;
    this.outputIndex = outputIndex;
    this.callId = callId;
    this.tool = tool;
  }

  /** Returns the item with its text so far; without text if it is in progress. */
  ResponseItem item(String status) {
    String value = text.toString();
    boolean begun = status.equals(ResponseItem.IN_PROGRESS);
    List<String> texts = begun ? List.of() : List.of(value);
    return switch (field) {
      case OUTPUT_TEXT ->
          new ResponseItem.Message(
              id, "assistant", begun ? List.of() : List.of(outputText()), status, null);
      case REASONING_SUMMARY_TEXT -> new ResponseItem.Reasoning(id, texts, List.of(), null, status);
      case REASONING_TEXT -> new ResponseItem.Reasoning(id, List.of(), texts, null, status);
      case FUNCTION_CALL_ARGUMENTS ->
          new ResponseItem.FunctionCall(
              id, callId(), tool().namespace(), tool().name(), value, status);
      case CUSTOM_TOOL_CALL_INPUT ->
          new ResponseItem.CustomToolCall(
              id, callId(), tool().namespace(), tool().name(), value, status);
    };
  }

  private String callId() {
    return Objects.requireNonNull(callId);
  }

  private ResponseTools.Named tool() {
    return Objects.requireNonNull(tool);
  }

  private ResponseContent outputText() {
    return new ResponseContent.OutputText(text.toString(), logprobs);
  }

  /** Returns the event of the start of the item. */
  OutputItem added(int number) {
    return new OutputItem(ITEM_ADDED, number, outputIndex, item(ResponseItem.IN_PROGRESS));
  }

  /** Returns the event of the start or the end of the text as the part of a message. */
  ContentPart part(boolean done, int number) {
    return new ContentPart(done ? PART_DONE : PART_ADDED, number, id, outputIndex, 0, outputText());
  }

  /** Returns the event of the start or the end of the text as the part of a summary. */
  SummaryPart summary(boolean done, int number) {
    return new SummaryPart(
        done ? SUMMARY_DONE : SUMMARY_ADDED, number, id, outputIndex, 0, text.toString());
  }

  /** Returns the event that adds text. */
  public Text delta(String added, List<ChatCompletionTokenLogprob> logprobs, int number) {
    return new Text(field, false, number, id, outputIndex, added, logprobs, null);
  }

  /** Returns the event with the whole text. */
  Text done(int number) {
    String name = field == Field.FUNCTION_CALL_ARGUMENTS ? tool().name() : null;
    return new Text(field, true, number, id, outputIndex, text.toString(), logprobs, name);
  }
}
