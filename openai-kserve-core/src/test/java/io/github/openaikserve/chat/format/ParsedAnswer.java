package io.github.openaikserve.chat.format;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a parser made of a text, with adjacent parts of a kind joined. */
final class ParsedAnswer implements AnswerParser.Sink {
  /** A whole call. */
  record Call(@Nullable String id, String name, String arguments) {}

  final StringBuilder content = new StringBuilder();
  final StringBuilder reasoning = new StringBuilder();
  final List<Call> calls = new ArrayList<>();

  /** The names of the calls that began, of which some may be invalid. */
  final List<String> begun = new ArrayList<>();

  /** The parts in the order they came. */
  private final List<StringBuilder> parts = new ArrayList<>();

  private @Nullable String openId;
  private @Nullable String openName;
  private final StringBuilder openArguments = new StringBuilder();
  private String lastKind = "";

  static ParsedAnswer of(AnswerParser parser, List<String> pieces) {
    var answer = new ParsedAnswer();
    pieces.forEach(piece -> parser.next(piece, answer));
    parser.end(answer, false);
    if (answer.openName != null) {
      throw new AssertionError("a call was left open");
    }
    return answer;
  }

  /**
   * Returns the parts in the order they came, such as {@code content:Hi} and {@code call:f({})}.
   */
  List<String> parts() {
    return parts.stream().map(StringBuilder::toString).toList();
  }

  /** Returns the arguments of the call that began last, as far as they came. */
  String lastArguments() {
    return openArguments.toString();
  }

  @Override
  public void content(String text) {
    notInACall(text);
    content.append(text);
    part("content", text);
  }

  @Override
  public void reasoning(String text) {
    notInACall(text);
    reasoning.append(text);
    part("reasoning", text);
  }

  @Override
  public void toolCall(@Nullable String id, String name) {
    notInACall(name);
    openId = id;
    openName = name;
    begun.add(name);
    openArguments.setLength(0);
  }

  @Override
  public void arguments(String piece) {
    if (openName == null || piece.isEmpty()) {
      throw new AssertionError("arguments '" + piece + "' of call " + openName);
    }
    openArguments.append(piece);
  }

  @Override
  public void callEnd(@Nullable String lateId) {
    if (openName == null) {
      throw new AssertionError("no call to end");
    }
    calls.add(new Call(openId == null ? lateId : openId, openName, openArguments.toString()));
    parts.add(new StringBuilder("call:" + openName + "(" + openArguments + ")"));
    lastKind = "call";
    openName = null;
  }

  @Override
  public void invalidCall(String text, boolean cut) {
    if (openName == null) {
      throw new AssertionError("no call to abandon");
    }
    openName = null;
    content.append(text);
    part("content", text);
  }

  private void notInACall(String text) {
    if (openName != null || text.isEmpty()) {
      throw new AssertionError("'" + text + "' while the call is " + openName);
    }
  }

  private void part(String kind, String text) {
    if (!kind.equals(lastKind)) {
      parts.add(new StringBuilder(kind).append(':'));
      lastKind = kind;
    }
    parts.get(parts.size() - 1).append(text);
  }
}
