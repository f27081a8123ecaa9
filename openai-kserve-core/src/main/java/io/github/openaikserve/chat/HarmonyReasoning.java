package io.github.openaikserve.chat;

/**
 * gpt-oss's channels: what is on {@code analysis} is reasoning, what is on {@code final} or a plain
 * {@code commentary} is the answer, and messages to functions go on as they are.
 *
 * <p>Source: {@code openai/harmony}: {@code docs/format.md}.
 */
final class HarmonyReasoning implements ReasoningFormat {
  private static final String MESSAGE = "<|message|>";
  private static final String[] MARKERS = {
    "<|channel|>", "<|start|>", "<|end|>", "<|return|>", "<|call|>"
  };
  private static final int MAX_HEADER = 4096;

  @Override
  public String name() {
    return "harmony";
  }

  @Override
  public AnswerParser parser(String prompt) {
    return new Parser();
  }

  @Override
  public String toString() {
    return name();
  }

  private enum Channel {
    ANSWER,
    REASONING,
    CALL
  }

  /** Reads one answer. */
  private static final class Parser implements AnswerParser {
    private final PendingText pending = new PendingText();
    private Channel channel = Channel.ANSWER;
    private boolean inHeader;

    @Override
    public void next(String text, AnswerParser.Sink sink) {
      pending.append(text);
      while (!pending.isEmpty() && proceed(sink)) {
        // until nothing more is certain
      }
    }

    private boolean proceed(AnswerParser.Sink sink) {
      if (inHeader) {
        return header(sink);
      }
      int certain = pending.certain(MARKERS);
      if (certain > 0) {
        give(pending.take(certain), sink);
        return true;
      }
      for (String marker : MARKERS) {
        if (pending.startsWith(marker)) {
          return marker(marker, sink);
        }
      }
      return false;
    }

    private boolean marker(String marker, AnswerParser.Sink sink) {
      if (marker.equals("<|channel|>") || marker.equals("<|start|>")) {
        inHeader = true;
        return true;
      }
      pending.drop(marker.length());
      if (channel == Channel.CALL) {
        sink.content(marker);
      }
      channel = Channel.ANSWER;
      return true;
    }

    /** A header stays where it is until it is whole, because that of a call goes on as it is. */
    private boolean header(AnswerParser.Sink sink) {
      int end = pending.indexOf(MESSAGE, 0);
      int line = pending.indexOf("\n", 0);
      boolean broken = line >= 0 && (end < 0 || line < end); // no header goes over a line
      if (end < 0 || broken) {
        if (!broken && pending.length() <= MAX_HEADER) {
          return false;
        }
        inHeader = false;
        give(pending.take(1), sink);
        return true;
      }
      inHeader = false;
      String header = pending.take(end + MESSAGE.length());
      if (header.contains(" to=functions.")) {
        channel = Channel.CALL;
        sink.content(header);
      } else {
        channel = header.contains("analysis") ? Channel.REASONING : Channel.ANSWER;
      }
      return true;
    }

    private void give(String text, AnswerParser.Sink sink) {
      if (channel == Channel.REASONING) {
        sink.reasoning(text);
      } else {
        sink.content(text);
      }
    }

    @Override
    public void end(AnswerParser.Sink sink) {
      if (!pending.isEmpty()) {
        give(pending.takeAll(), sink);
      }
    }
  }
}
