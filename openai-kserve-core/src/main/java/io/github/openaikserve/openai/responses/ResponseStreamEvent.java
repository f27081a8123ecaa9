package io.github.openaikserve.openai.responses;

import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event of a streamed response. Immutable.
 *
 * <p>A stream begins with {@code response.created} and {@code response.in_progress}. Each item of
 * the output has {@code output_item.added}, the events of its parts, and {@code output_item.done}.
 * The last event has the whole response.
 */
public sealed interface ResponseStreamEvent {
  /** Returns OpenAI's name of this kind of event. */
  String type();

  /** Returns the number of the event in its stream, from 0. */
  int sequenceNumber();

  /** Returns the text that a message gains by this event; empty for events of other kinds. */
  default String text() {
    return "";
  }

  /**
   * The response as it is now: {@code response.created}, {@code in_progress}, {@code completed},
   * {@code incomplete} or {@code failed}.
   */
  record Snapshot(String type, int sequenceNumber, Response response)
      implements ResponseStreamEvent {}

  /** An item begins ({@code response.output_item.added}) or is whole ({@code done}). */
  record OutputItem(String type, int sequenceNumber, int outputIndex, ResponseItem item)
      implements ResponseStreamEvent {}

  /** A part of a message begins ({@code response.content_part.added}) or is whole. */
  record ContentPart(
      String type,
      int sequenceNumber,
      String itemId,
      int outputIndex,
      int contentIndex,
      ResponseContent part)
      implements ResponseStreamEvent {}

  /** A summary of reasoning begins ({@code response.reasoning_summary_part.added}) or is whole. */
  record SummaryPart(
      String type,
      int sequenceNumber,
      String itemId,
      int outputIndex,
      int summaryIndex,
      String summary)
      implements ResponseStreamEvent {}

  /**
   * A text of an item grows ({@code delta}) or is whole ({@code done}).
   *
   * @param field what of the item it is; its index among the texts of the item is always 0
   * @param done whether {@code value} is the whole text
   * @param logprobs of the tokens of an output text; empty unless requested
   * @param name the function that is called, at the end of arguments; null otherwise
   */
  record Text(
      Field field,
      boolean done,
      int sequenceNumber,
      String itemId,
      int outputIndex,
      String value,
      List<ChatCompletionTokenLogprob> logprobs,
      @Nullable String name)
      implements ResponseStreamEvent {
    /** Copies the list. */
    public Text {
      logprobs = List.copyOf(logprobs);
    }

    @Override
    public String type() {
      return "response." + field.value() + (done ? ".done" : ".delta");
    }

    @Override
    public String text() {
      return field == Field.OUTPUT_TEXT && !done ? value : "";
    }
  }

  /** A text of an item. */
  enum Field {
    /** The text of a message. */
    OUTPUT_TEXT("output_text", "content_index", "text"),
    /** The reasoning as the model wrote it. */
    REASONING_TEXT("reasoning_text", "content_index", "text"),
    /** The reasoning as a summary. */
    REASONING_SUMMARY_TEXT("reasoning_summary_text", "summary_index", "text"),
    /** The arguments of a function call. */
    FUNCTION_CALL_ARGUMENTS("function_call_arguments", null, "arguments"),
    /** The input of a custom tool. */
    CUSTOM_TOOL_CALL_INPUT("custom_tool_call_input", null, "input");

    private final String value;
    private final @Nullable String indexName;
    private final String wholeName;

    Field(String value, @Nullable String indexName, String wholeName) {
      this.value = value;
      this.indexName = indexName;
      this.wholeName = wholeName;
    }

    /** Returns OpenAI's word. */
    public String value() {
      return value;
    }

    /** Returns the JSON name of the part's index; null if the item has one such text only. */
    public @Nullable String indexName() {
      return indexName;
    }

    /** Returns the JSON name of the whole text. */
    public String wholeName() {
      return wholeName;
    }
  }

  /** The response failed: an {@code error}, which {@code response.failed} follows. */
  record Failure(int sequenceNumber, @Nullable String code, String message, @Nullable String param)
      implements ResponseStreamEvent {
    @Override
    public String type() {
      return "error";
    }
  }
}
