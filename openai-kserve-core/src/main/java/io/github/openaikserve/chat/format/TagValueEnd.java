package io.github.openaikserve.chat.format;

import io.github.openaikserve.chat.format.HeldTag.Match;
import java.util.List;
import java.util.function.Predicate;

/**
 * The decision at which tag a parameter's value ends. Not thread-safe.
 *
 * <p>Values may contain tags, so an end tag is recognized only if the following text can follow it.
 * A value without an end tag ends at the next parameter or at the end of the call. The end of the
 * call is part of the value if the value's end tag follows before the parameters of another call.
 */
final class TagValueEnd {
  /** The meaning of a character for the value. */
  enum Decision {
    /** The value continues, or its end is not decided. */
    OPEN,
    /** The last tag is part of the value. The text after it must be read again. */
    NOT_ENDED,
    /** The value ended before another tag, which is complete. */
    ENDED,
    /** The value ended before the tag of another key, and this character follows that tag. */
    ENDED_BEFORE_KEY,
    /** The value ended before another parameter, whose name is complete. */
    ENDED_BEFORE_PARAMETER,
    /** The value and its call ended before text that must be read again. */
    CALL_ENDED
  }

  private enum State {
    VALUE,
    KEY_AHEAD,
    LOOKAHEAD
  }

  private final List<String> closings;
  private final TagGrammar grammar;
  private final TagValue value;
  private final Predicate<String> parameters;
  private final HeldTag held = new HeldTag();
  private State state = State.VALUE;
  private TagGrammar.ValueTags tags;
  private int terminatorAt;
  private int terminatorEnd;
  private String parameterAhead = "";
  private int expectedEnd;

  /** The position of the first tag that may end the value and its call; -1 for none. */
  private int closedAt = -1;

  private int closedEnd;
  private boolean reopened;

  /**
   * Creates the decision for all values of a call.
   *
   * @param closings the tags that may follow the last parameter
   * @param parameters tests whether a text after the tag of a key names another parameter
   */
  TagValueEnd(
      List<String> closings, TagGrammar grammar, TagValue value, Predicate<String> parameters) {
    this.closings = closings;
    this.grammar = grammar;
    this.value = value;
    this.parameters = parameters;
    tags = grammar.tags("");
  }

  /** Starts with a value between these tags. */
  void begin(TagGrammar.ValueTags tags) {
    this.tags = tags;
    closedAt = -1;
    reopened = false;
    continueValue();
  }

  /** Reads the next character. */
  Decision next(char c) {
    return switch (state) {
      case VALUE -> value(c);
      case KEY_AHEAD -> keyAhead(c);
      case LOOKAHEAD -> lookahead(c);
    };
  }

  /** Returns the position at which the value ended. */
  int position() {
    return terminatorAt;
  }

  /** Returns the tag after the value and its end tag. */
  String tagAhead() {
    return held.toString();
  }

  /** Returns the name of the parameter after the value, with the attributes that follow it. */
  String parameterAhead() {
    return parameterAhead;
  }

  /** Removes and returns the text after the last tag, which must be read again. */
  String takeAgain() {
    String again = value.substring(terminatorEnd);
    value.cut(terminatorEnd);
    return again;
  }

  /** Returns the text after the tag that ended the value and its call. */
  String rest() {
    return value.substring(terminatorEnd);
  }

  private Decision value(char c) {
    int length = value.append(c);
    if (length > 0) {
      int start = value.length() - length;
      Decision decision = terminator(value.substring(start), start);
      if (decision == Decision.CALL_ENDED || state != State.VALUE) {
        return decision;
      }
    }
    if (closedAt < 0) {
      value.release();
    }
    return Decision.OPEN;
  }

  /** Handles a tag in the value that may end it. */
  private Decision terminator(String tag, int start) {
    boolean inline = isInline(start);
    int closing = closings.indexOf(tag);
    if (tag.equals(tags.end())) {
      return ahead(State.LOOKAHEAD, start);
    }
    if (closedAt >= 0) {
      return anotherCall(tag) ? closed() : Decision.OPEN;
    }
    if (closing >= 0 && (inline || closing < closings.size() - 1)) {
      return ahead(State.LOOKAHEAD, start);
    }
    if (inline || (closing < 0 && !tag.equals(grammar.keyTag))) {
      return Decision.OPEN;
    }
    if (closing < 0) {
      return ahead(State.KEY_AHEAD, start);
    }
    closedAt = start;
    closedEnd = value.length();
    return Decision.OPEN;
  }

  /** Returns whether an end tag that models write on its own line begins within a line. */
  private boolean isInline(int start) {
    return grammar.lines && !value.startsLine(start);
  }

  /**
   * Returns whether a tag after the end of the call shows that another call has begun. Its first
   * parameter shows this, because the value may also mention the tag that begins a call.
   */
  private boolean anotherCall(String tag) {
    boolean another = reopened && tag.equals(tags.begin());
    reopened |= grammar.isOpening(tag);
    return another;
  }

  private Decision ahead(State next, int start) {
    terminatorAt = start;
    terminatorEnd = value.length();
    expectedEnd = 0;
    held.clear();
    state = next;
    return Decision.OPEN;
  }

  /**
   * After the tag of a key, which ends the value only if the whole name of another parameter
   * follows.
   */
  private Decision keyAhead(char c) {
    value.add(c);
    if (expectedEnd > 0 && held.isEmpty() && Character.isWhitespace(c)) {
      return Decision.OPEN;
    }
    held.append(c);
    String text = held.toString();
    String end = grammar.keyEnds.get(expectedEnd);
    if (!held.endsWith(end)) {
      return grammar.isKeyBegun(text, expectedEnd) ? Decision.OPEN : notEnded();
    }
    held.clear();
    if (expectedEnd == 0) {
      parameterAhead = text.substring(0, text.length() - end.length());
    }
    expectedEnd++;
    if (expectedEnd < grammar.keyEnds.size()) {
      return Decision.OPEN;
    }
    return parameters.test(parameterAhead) ? Decision.ENDED_BEFORE_PARAMETER : notEnded();
  }

  /** After a tag that ends the value if this continues the call or the next one. */
  private Decision lookahead(char c) {
    value.add(c);
    if (held.isEmpty() && Character.isWhitespace(c)) {
      return Decision.OPEN;
    }
    boolean key = grammar.isKeyTag(held);
    Match match = held.next(grammar.following, c);
    if (match == Match.NOT && key && isClosing()) {
      rememberClosed();
      return notEnded();
    }
    if (match == Match.NOT) {
      return key ? Decision.ENDED_BEFORE_KEY : notEnded();
    }
    return match == Match.PARTLY ? Decision.OPEN : afterLookahead(held.toString());
  }

  private Decision afterLookahead(String tag) {
    if (!isClosing()) {
      return Decision.ENDED;
    }
    rememberClosed();
    if (anotherCall(tag)) {
      return closed();
    }
    continueValue();
    return Decision.OPEN;
  }

  private void rememberClosed() {
    closedAt = terminatorAt;
    closedEnd = terminatorEnd;
  }

  /** Returns whether the tag before the look-ahead ends the call, not only the value. */
  private boolean isClosing() {
    return !value.startsWith(tags.end(), terminatorAt);
  }

  private Decision notEnded() {
    continueValue();
    return Decision.NOT_ENDED;
  }

  private void continueValue() {
    held.clear();
    state = State.VALUE;
  }

  /** Ends the value and its call at the first tag that may end both. */
  private Decision closed() {
    terminatorAt = closedAt;
    terminatorEnd = closedEnd;
    return Decision.CALL_ENDED;
  }

  /**
   * Ends the text.
   *
   * @param cut whether the text was cut off, so that the value's end tag may have followed
   */
  Decision end(boolean cut) {
    boolean ahead = state == State.LOOKAHEAD;
    if (cut || !(ahead || closedAt >= 0)) {
      return Decision.OPEN;
    }
    if (ahead && !isClosing()) {
      return Decision.ENDED;
    }
    return closedAt < 0 ? Decision.CALL_ENDED : closed();
  }
}
