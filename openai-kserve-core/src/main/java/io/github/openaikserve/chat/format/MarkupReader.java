package io.github.openaikserve.chat.format;

import io.github.openaikserve.internal.literal.ParameterTypes;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the text after a marker that opens tool calls or the header of a message. Text that
 * is neither becomes content or is read again. Not thread-safe.
 */
final class MarkupReader {
  private enum State {
    CLOSED,
    HEADER,
    CALL,
    AFTER_CALL
  }

  private final @Nullable ToolCallFormat format;
  private final ParameterTypes tools;
  private final TextInput input;
  private final TextOutput output;
  private final JsonInText json;
  private final ReasoningState reasoning;
  private final CallOutput calls = new CallOutput();
  private final AfterCalls afterCalls;

  /** The text since the marker. */
  private final StringBuilder raw = new StringBuilder();

  private State state = State.CLOSED;
  private String opened = "";
  private int markerEnd;
  private @Nullable CallBody body;

  /** Whether the message is to a recipient that is not a function, so that its text is content. */
  private boolean foreign;

  MarkupReader(
      @Nullable ToolCallFormat format,
      ParameterTypes tools,
      TextInput input,
      TextOutput output,
      JsonInText json,
      ReasoningState reasoning) {
    this.format = format;
    this.tools = tools;
    this.input = input;
    this.output = output;
    this.json = json;
    this.reasoning = reasoning;
    afterCalls = new AfterCalls(format);
  }

  void attach(AnswerParser.Sink sink) {
    calls.attach(sink);
  }

  void flush() {
    calls.flush();
  }

  /** Returns whether the following text must be given to this reader. */
  boolean isOpen() {
    return state != State.CLOSED;
  }

  /** Reads the next character after the marker. */
  void next(char c) {
    switch (state) {
      case HEADER -> header(c);
      case CALL -> call(c);
      default -> afterCall(c);
    }
  }

  /** Handles a marker that opens tool calls. Returns false if it is text. */
  boolean openCall(String marker) {
    boolean bare = format != null && format.isBare(marker);
    if (bare && (reasoning.isOpen() || json.isOpen())) {
      return false;
    }
    open(bare ? "" : marker, State.CALL);
    if (bare) {
      call(marker.charAt(0));
    }
    return true;
  }

  /** Begins with a call that the prompt opens. Text that is not a call is read again. */
  void openedByPrompt() {
    open("", State.CALL);
    markerEnd = 0;
  }

  /** Handles a marker that opens the header of a message. Returns false if it is text. */
  boolean openHeader(String marker) {
    boolean begins = !marker.equals("to=") || (output.isAtStart() && !reasoning.hasBegun());
    if (begins) {
      open(marker, State.HEADER);
    }
    return begins;
  }

  private void open(String marker, State next) {
    json.clear();
    opened = marker;
    raw.setLength(0);
    raw.append(output.takeSpace()).append(marker);
    markerEnd = raw.length() + (marker.isEmpty() ? 1 : 0); // the first character is not read again
    body = null;
    state = next;
  }

  private void call(char c) {
    raw.append(c);
    if (body == null) {
      if (Character.isWhitespace(c) || format == null) {
        return;
      }
      output.flush();
      body = format.body(calls, opened, tools, c);
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
      case CONTENT -> {
        raw.setLength(0);
        state = State.CLOSED;
      }
      case REJECTED -> reject(false);
    }
  }

  private void finishCall() {
    calls.end();
    raw.setLength(0);
    markerEnd = 0;
    reasoning.endAtCall();
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
      state = State.CLOSED;
      if (text.equals("{") && format != null && format.markers.style == ToolCallFormat.Style.JSON) {
        open("", State.CALL);
      }
    }
    input.unread(text);
  }

  /**
   * Abandons the opened markup. Its text is content and may contain other markers.
   *
   * @return whether a part of it must be read again
   */
  private boolean reject(boolean cut) {
    String text = raw.toString();
    raw.setLength(0);
    state = State.CLOSED;
    if (calls.abandon(text, cut)) {
      reasoning.endAtCall();
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
    if (call && format != null && isFunction(header)) {
      state = State.CALL;
      body = new NamedBody(calls, format, tools, header.function());
      return;
    }
    state = State.CLOSED;
    if (call && !CallBody.isName(header.function())) {
      foreign = true;
      reasoning.leave();
      output.add(raw.toString());
    } else if ((call || header.isAnalysis()) && reasoning.isSeparated()) {
      reasoning.enter();
    } else {
      reasoning.enterContent();
    }
    raw.setLength(0);
  }

  private boolean isFunction(HarmonyHeader header) {
    return CallBody.isName(header.function()) && !header.isBuiltIn(tools);
  }

  /** Handles a marker that ends a message. Returns false if it is text. */
  boolean endMessage() {
    boolean text = foreign;
    foreign = false;
    if (!text && reasoning.isOpen()) {
      reasoning.enterContent();
    }
    return !text;
  }

  /**
   * Ends the text.
   *
   * @param cut whether the text was cut off at a limit, so that a tool call may be incomplete
   * @return whether there is text that must be read again
   */
  boolean end(boolean cut) {
    return switch (state) {
      case HEADER -> reject(true);
      case CALL -> endCall(cut);
      case AFTER_CALL -> endAfterCall();
      case CLOSED -> false;
    };
  }

  private boolean endCall(boolean cut) {
    CallBody open = body;
    if (open != null && open.end(cut) && calls.isInCall()) {
      finishCall();
      return readAfterCall(open.rest());
    }
    if (open == null || calls.isInCall() || !calls.hasCalls() || !open.isBetweenCalls()) {
      return reject(true);
    }
    raw.setLength(0);
    state = State.CLOSED;
    reasoning.leave();
    return false;
  }

  /** Returns whether there is text after the last call, which must be read again. */
  private boolean readAfterCall(String text) {
    if (text.isEmpty()) {
      state = State.CLOSED;
      return false;
    }
    endCalls();
    input.unread(text);
    return true;
  }

  private boolean endAfterCall() {
    afterCalls.end(output);
    state = State.CLOSED;
    return false;
  }
}
