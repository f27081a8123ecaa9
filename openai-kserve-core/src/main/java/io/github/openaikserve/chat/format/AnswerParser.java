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

  private enum State {
    TEXT,
    REASONING,
    CALL,
    AFTER_CALL,
    HEADER
  }

  private final ModelFormat format;
  private final @Nullable ToolCallFormat calling;
  private final Map<String, Marker> markers;
  private final ParameterTypes tools;
  private final MarkerScan scan;
  private final AfterCalls afterCalls;
  private final TextInput input = new TextInput();
  private final TextOutput output;
  private final CallOutput calls = new CallOutput();
  private final JsonInText json = new JsonInText();

  /** The text since the marker that opened a tool call or a header. */
  private final StringBuilder raw = new StringBuilder();

  private State state = State.TEXT;
  private State before = State.TEXT;
  private int markerEnd;
  private String opened = "";
  private @Nullable CallBody body;
  private boolean reasoned;
  private boolean calledInReasoning;
  private boolean foreign;

  AnswerParser(
      ModelFormat format, Map<String, Marker> markers, ParameterTypes tools, String prompt) {
    this.format = format;
    this.calling = format.toolCalls();
    this.output = new TextOutput(calling != null);
    this.markers = markers;
    this.tools = tools;
    this.scan = new MarkerScan(markers.keySet());
    this.afterCalls = new AfterCalls(calling);
    ReasoningFormat reasoning = format.reasoning();
    if (reasoning != null && reasoning.isOpenAfter(prompt)) {
      enterReasoning();
    } else if (reasoning != null && reasoning.isContentAfter(prompt)) {
      output.wrap();
    } else if (format.isHarmony() && prompt.stripTrailing().endsWith("<|channel|>")) {
      open("");
      state = State.HEADER;
    }
  }

  /** Parses a piece of text and emits the parts that are certain. */
  public void next(String text, Sink sink) {
    output.attach(sink);
    calls.attach(sink);
    input.add(text);
    run();
    output.flush();
    calls.flush();
  }

  /** Returns whether the following text is reasoning. */
  public boolean isReasoning() {
    return state == State.REASONING;
  }

  /**
   * Returns whether a piece of text is only content, so that it need not be parsed.
   *
   * @param utf8 the text in UTF-8
   * @param length the number of bytes of text
   */
  public boolean isContent(byte[] utf8, int length) {
    return state == State.TEXT
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
    calls.attach(sink);
    boolean reading = true;
    while (reading) {
      reading =
          switch (state) {
            case CALL -> endCall(cut);
            case HEADER -> reject(true);
            default -> false;
          };
      run();
    }
    if (state == State.AFTER_CALL) {
      afterCalls.end(output);
      state = State.TEXT;
    }
    scan.end(output);
    output.end();
  }

  /** Returns the number of characters read, including repeated reads. */
  long steps() {
    return input.steps();
  }

  private boolean endCall(boolean cut) {
    CallBody open = body;
    if (open != null && open.end(cut) && calls.isInCall()) {
      finishCall();
      return readAfterCall(open.rest());
    } else if (open != null && !calls.isInCall() && calls.hasCalls() && open.isBetweenCalls()) {
      raw.setLength(0);
    } else {
      return reject(true);
    }
    state = State.TEXT;
    return false;
  }

  /** Returns whether there is text after the last call, which must be read again. */
  private boolean readAfterCall(String text) {
    if (text.isEmpty()) {
      state = State.TEXT;
      return false;
    }
    endCalls();
    input.unread(text);
    return true;
  }

  private void run() {
    while (input.hasNext()) {
      read(input.next());
    }
  }

  private void read(char c) {
    switch (state) {
      case TEXT, REASONING -> scan(c);
      case CALL -> call(c);
      case AFTER_CALL -> afterCall(c);
      case HEADER -> header(c);
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
      case CALL -> openCall(text);
      case REASONING -> reasoning();
      case REASONING_END -> reasoningEnd() || contentEnd(text);
      case CONTENT -> content();
      case CONTENT_END -> contentEnd(text);
      case HEADER -> openHeader(text);
      case MESSAGE_END -> messageEnd();
    };
  }

  private boolean reasoning() {
    if (state == State.REASONING) {
      return output.isAtStart(); // the model repeats the end of the prompt
    }
    boolean begins = output.isAtStart() || output.isAtLine() || (reasoned && !output.isQuoting());
    if (begins) {
      enterReasoning();
    }
    return begins;
  }

  private void enterReasoning() {
    output.enter(true);
    state = State.REASONING;
    reasoned = true;
    calledInReasoning = false;
  }

  private boolean reasoningEnd() {
    // In content: at the start of an answer, or after a tool call that began within reasoning.
    boolean ends = state == State.REASONING || output.isAtStart();
    boolean late = calledInReasoning && !ends && !output.isQuoting();
    if (ends || late) {
      calledInReasoning = false;
      reasoned = true;
    }
    ReasoningFormat reasoning = format.reasoning();
    if (ends && reasoning != null) {
      state = State.TEXT;
      output.enter(false);
      if (reasoning.contentBegins().isEmpty()) {
        output.wrap();
      }
    }
    return ends || late;
  }

  private boolean content() {
    ReasoningFormat reasoning = format.reasoning();
    boolean again = reasoning != null && reasoning.special() && output.isWrapEnded();
    return state == State.TEXT && (output.isAtStart() || again) && output.wrap();
  }

  private boolean contentEnd(String marker) {
    ReasoningFormat reasoning = format.reasoning();
    return state == State.TEXT
        && reasoning != null
        && reasoning.contentEnds().contains(marker)
        && output.wrapEnd(marker);
  }

  /** Handles a marker that opens tool calls. */
  private boolean openCall(String marker) {
    boolean bare = calling != null && calling.isBare(marker);
    if (bare && (state == State.REASONING || json.isOpen())) {
      return false;
    }
    open(bare ? "" : marker);
    if (bare) {
      call(marker.charAt(0));
    }
    return true;
  }

  private void open(String marker) {
    before = state;
    json.clear();
    opened = marker;
    raw.setLength(0);
    raw.append(output.takeSpace()).append(marker);
    markerEnd = raw.length() + (marker.isEmpty() ? 1 : 0); // the first character is not read again
    body = null;
    state = State.CALL;
  }

  private void call(char c) {
    raw.append(c);
    if (body == null) {
      if (Character.isWhitespace(c) || calling == null) {
        return;
      }
      output.flush();
      body = calling.body(calls, opened, tools, c);
    }
    CallBody open = body;
    switch (open.next(c)) {
      case MORE -> {}
      case CALL -> finishCall();
      case LAST_CALL -> {
        finishCall();
        endCalls();
      }
      case CALL_BEFORE -> {
        finishCall();
        endCalls();
        input.unread(open.unread(c));
      }
      case END -> endCalls();
      case END_BEFORE -> {
        endCalls();
        input.unread(open.unread(c));
      }
      case REJECTED -> reject(false);
    }
  }

  private void finishCall() {
    calls.end();
    raw.setLength(0);
    markerEnd = 0;
    calledInReasoning |= before == State.REASONING;
    before = State.TEXT;
    output.enterAfterCall();
  }

  private void endCalls() {
    raw.setLength(0);
    afterCalls.begin();
    state = State.AFTER_CALL;
  }

  /** Handles text after a tool call: end markers, a separator, or another object. */
  private void afterCall(char c) {
    String text = afterCalls.next(c, output);
    if (text.isEmpty()) {
      return;
    }
    if (!afterCalls.isOpen()) {
      state = State.TEXT;
      if (text.equals("{")
          && calling != null
          && calling.markers.style == ToolCallFormat.Style.JSON) {
        open("");
      }
    }
    input.unread(text);
  }

  /**
   * Abandons an opened tool call. Its text is content and may contain other markers.
   *
   * @return whether a part of it must be read again
   */
  private boolean reject(boolean cut) {
    String text = raw.toString();
    raw.setLength(0);
    state = before;
    if (calls.abandon(text, cut)) {
      state = State.TEXT;
      calledInReasoning |= before == State.REASONING;
      output.enterAfterText();
      return false;
    }
    int end = Math.min(markerEnd, text.length());
    boolean again = input.unreadShort(text.substring(end));
    String read = again ? text.substring(0, end) : text;
    output.add(read);
    if (opened.isEmpty() && end > 0) {
      json.begin(text.substring(end - 1));
      json.next(read.substring(end - 1));
    }
    return again;
  }

  private boolean openHeader(String marker) {
    boolean begins =
        !marker.equals("to=") || (output.isAtStart() && state == State.TEXT && !reasoned);
    if (begins) {
      open(marker);
      state = State.HEADER;
    }
    return begins;
  }

  /** Reads the header of a message on gpt-oss's channels. */
  private void header(char c) {
    raw.append(c);
    HarmonyHeader header = HarmonyHeader.of(raw);
    if (header != null && !HarmonyHeader.isBroken(raw)) {
      output.flush();
      message(header);
    } else if (header != null || c == '\n' || raw.length() - markerEnd > CallBody.MAX_NAME) {
      reject(false);
    }
  }

  private void message(HarmonyHeader header) {
    boolean call = !header.recipient().isEmpty();
    if (call && !CallBody.isName(header.function())) {
      foreign = true;
      state = State.TEXT;
      output.add(raw.toString());
    } else if (call && calling != null && !header.isBuiltIn(tools)) {
      state = State.CALL;
      body = new NamedBody(calls, calling, tools, header.function());
      return;
    } else if ((call || header.isAnalysis()) && format.reasoning() != null) {
      enterReasoning();
    } else {
      state = State.TEXT;
      output.enter(false);
    }
    raw.setLength(0);
  }

  private boolean messageEnd() {
    boolean text = foreign;
    foreign = false;
    if (!text && state == State.REASONING) {
      state = State.TEXT;
      output.enter(false);
    }
    return !text;
  }
}
