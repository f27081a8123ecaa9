package io.github.openaikserve.chat;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What all formats of calls have in common: text until a marker, calls after it. A format says what
 * each character of a call means. Not thread-safe; one per answer.
 *
 * <p>Everything of a call is remembered until it is whole, so that what turns out to be none comes
 * out as it was written.
 */
abstract class CallParser implements AnswerParser {
  /** What a character means for what was opened. */
  enum Step {
    /** It goes on. */
    MORE,
    /** A call is whole, and another may follow. */
    CALL,
    /** A call is whole, and with it what was opened. */
    LAST_CALL,
    /** What was opened ends here, without another call. */
    END,
    /** This is no call after all. */
    REJECTED
  }

  /** No character opens a call by itself. */
  static final char NONE = 0;

  private enum State {
    TEXT,
    OPENED,
    CLOSING
  }

  private final String[] openings;
  private final String[] stops;
  private final List<String> closings;
  private final PendingText pending = new PendingText();
  private final StringBuilder raw = new StringBuilder();
  private final StringBuilder space = new StringBuilder();
  private final StringBuilder arguments = new StringBuilder();
  private State state = State.TEXT;
  private final char bare;
  private boolean calling;
  private boolean textSeen;
  private boolean afterCall;
  private AnswerParser.Sink sink = IgnoringSink.INSTANCE;

  /**
   * A parser.
   *
   * @param openings markers after which there is a call
   * @param skipped markers that mean nothing by themselves and are left out of the text
   * @param closings markers that may follow a call, and are left out then
   * @param bare a character that opens a call where no text has come before it; {@link #NONE} for
   *     none
   */
  CallParser(List<String> openings, List<String> skipped, List<String> closings, char bare) {
    this.bare = bare;
    this.openings = openings.toArray(String[]::new);
    this.stops = Stream.concat(openings.stream(), skipped.stream()).toArray(String[]::new);
    this.closings = closings;
  }

  /** A marker was met; what follows is given to {@link #step}. */
  abstract void opened(String marker);

  /** Takes the next character of what was opened. */
  abstract Step step(char c);

  /** Whether the text may be over here with a call that is whole but for its markers. */
  abstract boolean mayEndHere();

  /** Whether no call has begun since the last one, so that what came is nothing but markup. */
  abstract boolean isBetweenCalls();

  /** The call has a name; to be said once, before its arguments. */
  final void beginCall(@Nullable String id, String name) {
    calling = true;
    sink.toolCall(id, name);
  }

  /** Whether {@link #beginCall} was said of the call that has not ended. */
  final boolean isCalling() {
    return calling;
  }

  public final void argument(char c) {
    arguments.append(c);
  }

  final void arguments(CharSequence text) {
    arguments.append(text);
  }

  @Override
  public final void next(String text, AnswerParser.Sink target) {
    sink = target;
    if (isPlain(text)) {
      sink.content(text);
      return;
    }
    pending.append(text);
    while (proceed()) {
      // until nothing more is certain
    }
    flushArguments();
  }

  @Override
  public final void end(AnswerParser.Sink target) {
    sink = target;
    if (state == State.OPENED) {
      if (calling && mayEndHere()) {
        finishCall();
      } else if (isBetweenCalls() && afterCall) {
        raw.setLength(0);
      } else {
        reject();
      }
    }
    if (!pending.isEmpty() && !(state == State.CLOSING && isBeginningOfClosing())) {
      content(pending.takeAll());
    }
    state = State.TEXT;
    if (!afterCall && !space.isEmpty()) {
      sink.content(space.toString());
    }
    space.setLength(0);
  }

  /** Whether the text goes on as it is: most of an answer does. */
  private boolean isPlain(String text) {
    if (state != State.TEXT
        || !textSeen
        || afterCall
        || text.isEmpty()
        || !pending.isEmpty()
        || !space.isEmpty()
        || Character.isWhitespace(text.charAt(text.length() - 1))) {
      return false;
    }
    for (String stop : stops) {
      if (text.indexOf(stop.charAt(0)) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** Takes what is certain; false when that is nothing. */
  private boolean proceed() {
    if (pending.isEmpty()) {
      return false;
    }
    return switch (state) {
      case TEXT -> text();
      case OPENED -> opened();
      case CLOSING -> closing();
    };
  }

  private boolean text() {
    if (bare != NONE && !textSeen) {
      int blank = blanks();
      if (blank == pending.length()) {
        return false;
      }
      if (pending.charAt(blank) == bare) {
        raw.append(space).append(pending.take(blank));
        space.setLength(0);
        state = State.OPENED;
        opened("");
        return true;
      }
    }
    int certain = pending.certain(stops);
    if (certain > 0) {
      content(pending.take(certain));
      return true;
    }
    for (String stop : stops) {
      if (pending.startsWith(stop)) {
        pending.drop(stop.length());
        if (isOpening(stop)) {
          raw.append(space).append(stop);
          state = State.OPENED;
          opened(stop);
        }
        space.setLength(0);
        return true;
      }
    }
    return false;
  }

  private boolean isOpening(String marker) {
    for (String opening : openings) {
      if (opening.equals(marker)) {
        return true;
      }
    }
    return false;
  }

  private boolean opened() {
    while (!pending.isEmpty() && state == State.OPENED) {
      char c = pending.charAt(0);
      pending.drop(1);
      raw.append(c);
      switch (step(c)) {
        case MORE -> {}
        case CALL -> finishCall();
        case LAST_CALL -> {
          finishCall();
          state = State.CLOSING;
        }
        case END -> {
          raw.setLength(0);
          state = State.CLOSING;
        }
        case REJECTED -> reject();
      }
    }
    return true;
  }

  private boolean closing() {
    space.append(pending.take(blanks()));
    for (String closing : closings) {
      if (pending.startsWith(closing)) {
        pending.drop(closing.length());
        space.setLength(0);
        state = State.TEXT;
        return true;
      }
      if (pending.isEmpty() || pending.mayBecome(closing)) {
        return false;
      }
    }
    state = State.TEXT;
    return !pending.isEmpty();
  }

  private boolean isBeginningOfClosing() {
    return closings.stream().anyMatch(pending::mayBecome);
  }

  private int blanks() {
    int blank = 0;
    while (blank < pending.length() && Character.isWhitespace(pending.charAt(blank))) {
      blank++;
    }
    return blank;
  }

  private void finishCall() {
    flushArguments();
    sink.callEnd();
    calling = false;
    afterCall = true;
    textSeen = false;
    raw.setLength(0);
  }

  private void reject() {
    flushArguments();
    state = State.TEXT;
    String text = raw.toString();
    raw.setLength(0);
    if (calling) {
      calling = false;
      textSeen = true;
      afterCall = false;
      sink.callAbandoned(text);
    } else {
      content(text);
    }
  }

  private void flushArguments() {
    if (calling && !arguments.isEmpty()) {
      sink.arguments(arguments.toString());
    }
    arguments.setLength(0);
  }

  /** Gives text on, but for white space at its end, which belongs to a marker if one follows. */
  private void content(String text) {
    int end = text.length();
    while (end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    if (end > 0) {
      String certain = text.substring(0, end);
      sink.content(space.isEmpty() ? certain : space + certain);
      space.setLength(0);
      afterCall = false;
      textSeen = true;
    }
    space.append(text, end, text.length());
  }
}
