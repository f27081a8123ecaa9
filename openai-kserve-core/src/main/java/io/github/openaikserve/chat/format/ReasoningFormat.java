package io.github.openaikserve.chat.format;

import java.util.List;

/**
 * A format that separates reasoning from the answer, described by markers. Immutable.
 *
 * @param name the name for logs, messages and configuration, such as {@code think}
 * @param begins the markers that begin reasoning
 * @param ends the markers that end reasoning
 * @param contentBegins the markers that may appear between reasoning and answer
 * @param contentEnds the markers that may appear at the end of an answer
 * @param opensAnswer whether an answer begins within reasoning, without a marker
 * @param special whether the markers are special tokens of the model, which servers omit from the
 *     text unless requested
 * @param channels whether these are gpt-oss's channels
 */
public record ReasoningFormat(
    String name,
    List<String> begins,
    List<String> ends,
    List<String> contentBegins,
    List<String> contentEnds,
    boolean opensAnswer,
    boolean special,
    boolean channels) {
  /** Copies the lists. */
  public ReasoningFormat {
    begins = List.copyOf(begins);
    ends = List.copyOf(ends);
    contentBegins = List.copyOf(contentBegins);
    contentEnds = List.copyOf(contentEnds);
  }

  /** Returns a format with a marker before and a marker after the reasoning. */
  public static ReasoningFormat of(String name, String begin, String end) {
    return new ReasoningFormat(
        name, List.of(begin), List.of(end), List.of(), List.of(), false, true, false);
  }

  ReasoningFormat plain() {
    return new ReasoningFormat(
        name, begins, ends, contentBegins, contentEnds, opensAnswer, false, channels);
  }

  ReasoningFormat opening() {
    return new ReasoningFormat(
        name, begins, ends, contentBegins, contentEnds, true, special, channels);
  }

  ReasoningFormat also(String begin, String end) {
    return new ReasoningFormat(
        name,
        begin.isEmpty() ? begins : List.of(begins.get(0), begin),
        List.of(ends.get(0), end),
        contentBegins,
        contentEnds,
        opensAnswer,
        special,
        channels);
  }

  ReasoningFormat content(String begin, String end) {
    return content(begin.isEmpty() ? List.of() : List.of(begin), end);
  }

  ReasoningFormat content(List<String> contentBegins, String end) {
    return new ReasoningFormat(
        name, begins, ends, contentBegins, List.of(end), opensAnswer, special, channels);
  }

  /** Returns whether an answer to this prompt begins within reasoning. */
  public boolean isOpenAfter(String prompt) {
    int end = prompt.length();
    while (end > 0 && Character.isWhitespace(prompt.charAt(end - 1))) {
      end--;
    }
    for (String begin : begins) {
      if (prompt.startsWith(begin, end - begin.length())) {
        return true;
      }
    }
    return opensAnswer && !ends.stream().anyMatch(prompt.stripTrailing()::endsWith);
  }

  /** Returns whether an answer to this prompt begins within the content. */
  boolean isContentAfter(String prompt) {
    return contentBegins.stream().anyMatch(prompt.stripTrailing()::endsWith);
  }

  /** Returns whether these texts surround reasoning. */
  public boolean isBetween(String before, String after) {
    return begins.stream().anyMatch(before.strip()::endsWith)
        && ends.stream().anyMatch(after.strip()::startsWith);
  }

  /** Returns the text that ends reasoning opened by the prompt. */
  public String closing() {
    return channels ? "" : "\n" + ends.get(0) + "\n\n";
  }

  /** Returns the text to append to a prompt so that the answer does not begin with reasoning. */
  public String omission(String prompt) {
    if (channels) {
      return "<|channel|>final<|message|>";
    }
    return isOpenAfter(prompt) ? closing() + String.join("", contentBegins) : "";
  }

  /**
   * Returns the text that ends reasoning in the middle of an answer.
   *
   * @param calls whether a tool call may follow
   */
  public String ending(boolean calls) {
    if (!channels) {
      return closing();
    }
    String channel = calls ? "commentary" : "final<|message|>";
    return "<|end|><|start|>assistant<|channel|>" + channel;
  }

  /** Returns a sample of reasoning and answer in this format, with placeholders. */
  public String pattern() {
    if (channels) {
      return "<|channel|>analysis<|message|>REASONING<|end|>...<|channel|>final<|message|>ANSWER";
    }
    return (opensAnswer ? "" : begins.get(0))
        + "REASONING"
        + ends.get(0)
        + String.join("", contentBegins)
        + "ANSWER"
        + String.join("", contentEnds);
  }

  @Override
  public String toString() {
    return name;
  }
}
