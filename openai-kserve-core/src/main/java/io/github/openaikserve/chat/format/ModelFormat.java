package io.github.openaikserve.chat.format;

import io.github.openaikserve.chat.format.MarkerScan.Marker;
import io.github.openaikserve.internal.literal.ParameterTypes;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The format of one model's answers: the markers of reasoning, content and tool calls. Immutable.
 *
 * @param reasoning the reasoning format; null if reasoning is not separated from the content
 * @param toolCalls the tool call format; null if unknown
 * @param evidence one sentence for each format that explains how it was found
 */
public record ModelFormat(
    @Nullable ReasoningFormat reasoning,
    @Nullable ToolCallFormat toolCalls,
    List<String> evidence) {
  /** A format of plain text. */
  public static final ModelFormat TEXT = new ModelFormat(null, null);

  /** Copies the list. */
  public ModelFormat {
    evidence = List.copyOf(evidence);
  }

  /** Creates a format without evidence. */
  public ModelFormat(@Nullable ReasoningFormat reasoning, @Nullable ToolCallFormat toolCalls) {
    this(reasoning, toolCalls, List.of());
  }

  /** Returns whether the text needs no parsing. */
  public boolean isText() {
    return reasoning == null && toolCalls == null;
  }

  /**
   * Returns whether markers are special tokens, which servers omit from the text unless requested.
   */
  public boolean needsSpecialTokens() {
    return toolCalls != null || (reasoning != null && reasoning.special());
  }

  /**
   * Returns whether a text is a marker within answers, so that it cannot be the end of an answer.
   * Harmony's end tokens are also markers of the last message, and end the answer there.
   */
  public boolean isMarker(String text) {
    if (reasoning != null && reasoning.channels()) {
      return false;
    }
    String patterns =
        (reasoning == null ? "" : reasoning.pattern())
            + (toolCalls == null ? "" : toolCalls.pattern());
    return patterns.contains(text)
        || (reasoning != null
            && (reasoning.begins().contains(text) || reasoning.ends().contains(text)))
        || (toolCalls != null && toolCalls.closings.contains(text));
  }

  /**
   * Returns a parser for one answer.
   *
   * @param prompt the prompt that the model continues; it may open the reasoning
   * @param tools the tools that the model may call, for the names and the types of parameters
   */
  public AnswerParser parser(String prompt, List<ChatCompletionTool> tools) {
    return new AnswerParser(this, markers(), new ParameterTypes(tools), prompt);
  }

  /** Returns the meaning of each marker. */
  Map<String, Marker> markers() {
    Map<String, Marker> markers = new LinkedHashMap<>();
    if (toolCalls != null && toolCalls.markers.style != ToolCallFormat.Style.HARMONY) {
      toolCalls.openings.forEach(opening -> markers.put(opening.get(0), Marker.CALL));
    }
    if (reasoning != null) {
      put(markers, reasoning.begins(), Marker.REASONING);
      put(markers, reasoning.ends(), Marker.REASONING_END);
      put(markers, reasoning.contentBegins(), Marker.CONTENT);
      put(markers, reasoning.contentEnds(), Marker.CONTENT_END);
    }
    if (isHarmony()) {
      put(markers, List.of("<|channel|>", "<|start|>", "to="), Marker.HEADER);
      put(markers, List.of("<|end|>", "<|return|>", "<|call|>"), Marker.MESSAGE_END);
    }
    return markers;
  }

  private static void put(Map<String, Marker> markers, List<String> texts, Marker meaning) {
    new ArrayList<>(texts).forEach(text -> markers.putIfAbsent(text, meaning));
  }

  /** Returns whether answers consist of messages on channels. */
  boolean isHarmony() {
    return (reasoning != null && reasoning.channels())
        || (toolCalls != null && toolCalls.markers.style == ToolCallFormat.Style.HARMONY);
  }
}
