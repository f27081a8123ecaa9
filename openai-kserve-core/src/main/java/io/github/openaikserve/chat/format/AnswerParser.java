package io.github.openaikserve.chat.format;

import io.github.openaikserve.chat.format.MarkerScan.Marker;
import io.github.openaikserve.internal.literal.ParameterTypes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An incremental parser that finds reasoning, content and tool calls in the text of an answer. It
 * is one state machine, driven by the markers of a {@link ModelFormat}. One instance per answer.
 * Not thread-safe.
 *
 * <p>The parts do not depend on how the text is split into pieces, after adjacent parts of a kind
 * are joined. Only markers and the white space next to them are removed. Text that looked like a
 * call but is not one is emitted unchanged. Text is held only until its kind is certain. Work is
 * linear in the length of the text: text after a marker is read again only if it is short, and on
 * average each character is read again at most 16 times.
 *
 * <p>A tool call ends open reasoning. Text after the call is content, and an end of the reasoning
 * that follows later is removed from it.
 */
public final class AnswerParser {
  /**
   * The receiver of the parts of an answer. One instance per answer. Not thread-safe.
   *
   * <p>A tool call consists of {@link #toolCall}, any number of {@link #arguments}, and either
   * {@link #callEnd} or {@link #invalidCall}, without other parts in between.
   */
  public interface Sink {
    /** Receives content that is certain; never empty. */
    void content(String text);

    /** Receives reasoning; never empty. */
    void reasoning(String text);

    /**
     * Receives the start of a tool call.
     *
     * @param id the model's id of the call; null for none
     * @param name the name of the function
     */
    void toolCall(@Nullable String id, String name);

    /** Receives a piece of the arguments of the started call: the beginning of valid JSON. */
    void arguments(String piece);

    /**
     * Receives the end of the started call, which is complete.
     *
     * @param lateId an id that the model wrote after the arguments; null for none
     */
    void callEnd(@Nullable String lateId);

    /**
     * Receives the text of a started call that is invalid or was cut off.
     *
     * @param text the whole text of the call as the model wrote it, with markers and white space
     * @param cut whether the text ended before the call, which was valid so far
     */
    void invalidCall(String text, boolean cut);
  }

  private final Map<String, Marker> markers;
  private final MarkerScan scan;
  private final TextInput input = new TextInput();
  private final TextOutput output;
  private final JsonInText json = new JsonInText();
  private final ReasoningState reasoning;
  private final MarkupReader markup;

  AnswerParser(
      ModelFormat format, Map<String, Marker> markers, ParameterTypes tools, String prompt) {
    this.markers = markers;
    scan = new MarkerScan(markers.keySet());
    output = new TextOutput(format.toolCalls() != null);
    reasoning = new ReasoningState(format.reasoning(), output);
    markup = new MarkupReader(format.toolCalls(), tools, input, output, json, reasoning);
    boolean known = reasoning.beginAfter(prompt);
    if (!known && format.isHarmony() && prompt.stripTrailing().endsWith("<|channel|>")) {
      markup.openHeader("");
    } else if (format.toolCalls() != null && format.toolCalls().isOpenAfter(prompt)) {
      markup.openedByPrompt();
    }
  }

  /** Parses a piece of text and emits the parts that are certain. */
  public void next(String text, Sink sink) {
    output.attach(sink);
    markup.attach(sink);
    input.add(text);
    run();
    output.flush();
    markup.flush();
  }

  /** Returns whether the following text is reasoning. */
  public boolean isReasoning() {
    return reasoning.isOpen() && !markup.isOpen();
  }

  /**
   * Returns whether a piece of text is only content, so that it need not be parsed.
   *
   * @param utf8 the text in UTF-8
   * @param length the number of bytes of text
   */
  public boolean isContent(byte[] utf8, int length) {
    return !markup.isOpen()
        && !reasoning.isOpen()
        && !json.isOpen()
        && scan.isText(utf8, length)
        && output.isPlainBefore(utf8[length - 1]);
  }

  /**
   * Ends the text and emits the parts that were held back.
   *
   * @param cut whether the text was cut off at a limit, so that a tool call may be incomplete
   */
  public void end(Sink sink, boolean cut) {
    output.attach(sink);
    markup.attach(sink);
    boolean reading = true;
    while (reading) {
      reading = markup.end(cut);
      run();
    }
    scan.end(output);
    output.end();
  }

  /** Returns the number of characters read, including repeated reads. */
  long steps() {
    return input.steps();
  }

  private void run() {
    while (input.hasNext()) {
      read(input.next());
    }
  }

  private void read(char c) {
    if (markup.isOpen()) {
      markup.next(c);
    } else {
      scan(c);
    }
  }

  /** Searches the text for markers. */
  private void scan(char c) {
    json.next(c);
    String found = scan.next(c, output);
    if (!found.isEmpty() && !marker(found, markers.getOrDefault(found, Marker.MESSAGE_END))) {
      output.add(found);
    }
  }

  /** Handles a marker. Returns false if it is part of the text. */
  private boolean marker(String text, Marker marker) {
    return switch (marker) {
      case CALL -> markup.openCall(text);
      case REASONING -> reasoning.begin();
      case REASONING_END -> reasoning.end() || reasoning.endContent(text);
      case CONTENT -> reasoning.beginContent();
      case CONTENT_END -> reasoning.endContent(text);
      case HEADER -> markup.openHeader(text);
      case MESSAGE_END -> markup.endMessage();
    };
  }
}
