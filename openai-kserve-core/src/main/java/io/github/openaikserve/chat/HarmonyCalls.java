package io.github.openaikserve.chat;

import java.util.List;

/** Calls in gpt-oss's channels: messages to {@code functions.NAME}. One per answer. */
final class HarmonyCalls extends CallParser {
  private static final String TO = "to=functions.";
  private static final String MESSAGE = "<|message|>";
  private static final int MAX_HEADER = 4096;

  private final StringBuilder header = new StringBuilder();
  private JsonArguments arguments = new JsonArguments();

  HarmonyCalls() {
    super(
        List.of("<|channel|>", "<|start|>"),
        List.of("<|end|>", "<|return|>", "<|call|>"),
        List.of("<|call|>", "<|end|>"),
        NONE);
  }

  @Override
  void opened(String marker) {
    header.setLength(0);
    arguments = new JsonArguments();
  }

  @Override
  Step step(char c) {
    if (isCalling()) {
      return arguments.next(c, this);
    }
    if (c == '\n') {
      return Step.REJECTED; // no header goes over a line
    }
    header.append(c);
    int end = header.length() - MESSAGE.length();
    if (end < 0 || header.indexOf(MESSAGE, end) < 0) {
      return header.length() > MAX_HEADER ? Step.REJECTED : Step.MORE;
    }
    String name = recipient(header.substring(0, end));
    if (name.isEmpty()) {
      return Step.END; // a message to the user: only its header is markup
    }
    beginCall(null, name);
    return Step.MORE;
  }

  /** The function that a message is to; empty where it is to the user. */
  private static String recipient(String header) {
    int to = header.indexOf(TO);
    if (to < 0) {
      return "";
    }
    int from = to + TO.length();
    int end = from;
    while (end < header.length()
        && !Character.isWhitespace(header.charAt(end))
        && header.charAt(end) != '<') {
      end++;
    }
    return header.substring(from, end);
  }

  @Override
  boolean mayEndHere() {
    return arguments.isWhole();
  }

  @Override
  boolean isBetweenCalls() {
    return false;
  }
}
