package io.github.openaikserve.openai.responses;

import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event of a streamed response. Immutable.
 *
 * <p>A stream begins with {@code response.created} and {@code response.in_progress}. Each item of
 * the output has {@code output_item.added}, the events of its parts, and {@code output_item.done}.
 * The last event contains the whole response.
 */
public sealed interface ResponseStreamEvent {
  /** Returns OpenAI's name of the type of this event. */
  String type();

  /** Returns the number of the event in its stream, from 0. */
  int sequenceNumber();

  /** Returns the text that this event adds to a message; empty for other events. */
  default String text() {
    return "";
  }

  /**
   * The current state of the response: {@code response.created}, {@code in_progress}, {@code
   * completed}, {@code incomplete} or {@code failed}.
   */
  record Snapshot(String type, int sequenceNumber, Response response)
      implements ResponseStreamEvent {}

  /** The start ({@code response.output_item.added}) or the end ({@code done}) of an item. */
  record OutputItem(String type, int sequenceNumber, int outputIndex, ResponseItem item)
      implements ResponseStreamEvent {}

  /** The start ({@code response.content_part.added}) or the end of a part of a message. */
  record ContentPart(
      String type,
      int sequenceNumber,
      String itemId,
      int outputIndex,
      int contentIndex,
      ResponseContent part)
      implements ResponseStreamEvent {}

  /**
   * The start ({@code response.reasoning_summary_part.added}) or the end of a reasoning summary.
   */
  record SummaryPart(
      String type,
      int sequenceNumber,
      String itemId,
      int outputIndex,
      int summaryIndex,
      String summary)
      implements ResponseStreamEvent {}

  /**
   * An addition to a text of an item ({@code delta}) or its end ({@code done}).
   *
   * @param field the field of the item; its index among the item's texts is always 0
   * @param done whether {@code value} is the whole text
   * @param logprobs the log probabilities of an output text's tokens; empty unless requested
   * @param name the name of the called function, at the end of arguments; null otherwise
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

  /** The text fields of items. */
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

    /** Returns OpenAI's name of the field. */
    public String value() {
      return value;
    }

    /** Returns the JSON name of the part's index; null if the item has only one such text. */
    public @Nullable String indexName() {
      return indexName;
    }

    /** Returns the JSON name of the whole text. */
    public String wholeName() {
      return wholeName;
    }
  }

  /** A failure of the response: the event {@code error}, which {@code response.failed} follows. */
  record Failure(int sequenceNumber, @Nullable String code, String message, @Nullable String param)
      implements ResponseStreamEvent {
    @Override
    public String type() {
      return "error";
    }
  }
}
