package io.github.openaikserve.chat;

import io.github.openaikserve.chat.format.AnswerParser;
import io.github.openaikserve.internal.json.JsonCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The parser's output for a rendered answer. Not thread-safe. */
final class ReadBack implements AnswerParser.Sink {
  /** The token that ends the turn, which a template may write after a tool call. */
  private static final String ENDS_OF_TURN = "\\s*(<[^<>]*>\\s*)?";

  private final StringBuilder content = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final List<String> calls = new ArrayList<>();
  private final StringBuilder arguments = new StringBuilder();

  String content() {
    return content.toString();
  }

  String reasoning() {
    return reasoning.toString();
  }

  /**
   * Returns whether exactly these tool calls were parsed, and no text.
   *
   * @param markers texts that may surround an answer
   */
  boolean isNothingBut(List<String> markers, List<String> namesAndArguments) {
    String text = content.toString();
    for (String marker : markers) {
      text = text.replace(marker, "");
    }
    boolean same = text.matches(ENDS_OF_TURN) && calls.size() == namesAndArguments.size();
    for (int i = 0; same && i < calls.size(); i += 2) {
      same =
          calls.get(i).equals(namesAndArguments.get(i))
              && Objects.equals(
                  JsonCodec.readValue(calls.get(i + 1)),
                  JsonCodec.readValue(namesAndArguments.get(i + 1)));
    }
    return same;
  }

  @Override
  public void content(String text) {
    content.append(text);
  }

  @Override
  public void reasoning(String text) {
    reasoning.append(text);
  }

  @Override
  public void toolCall(@Nullable String id, String name) {
    arguments.setLength(0);
    calls.add(name);
  }

  @Override
  public void arguments(String piece) {
    arguments.append(piece);
  }

  @Override
  public void callEnd(@Nullable String lateId) {
    calls.add(arguments.toString());
  }

  @Override
  public void invalidCall(String text, boolean cut) {
    content.append(text);
  }
}
