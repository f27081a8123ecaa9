package io.github.openaikserve.grpc.servers;

import java.util.ArrayList;
import java.util.List;

/**
 * What a scripted model generates for a prompt. Some words in the prompt make it do otherwise:
 * {@link #FAIL_FIRST}, {@link #FAIL_LATER} and {@link #HANG}.
 */
public final class Script {
  /** In a prompt: fail before the first token. */
  public static final String FAIL_FIRST = "fail-first";

  /** In a prompt: fail after two tokens. */
  public static final String FAIL_LATER = "fail-later";

  /** In a prompt: fall silent after two tokens, until cancelled. */
  public static final String HANG = "hang-on";

  /** What any other prompt is answered with. */
  public static final List<String> TOKENS = List.of("Once", " upon", " a", " time", ".");

  /** How it ends after its pieces. */
  public enum Ending {
    /** With a finish reason. */
    FINISH,
    /** With an error. */
    FAILURE,
    /** Not at all. */
    SILENCE
  }

  /**
   * One generation.
   *
   * @param pieces a token each
   * @param finish why it finished: stop or length
   */
  public record Run(List<String> pieces, String finish, Ending ending, int promptTokens) {
    /** All of it. */
    public String text() {
      return String.join("", pieces);
    }
  }

  private Script() {}

  /**
   * The generation for a prompt.
   *
   * @param maxTokens after how many tokens it finishes with length; any number for no limit
   * @param stops where it finishes with stop
   * @param keepsStop whether the stop sequence stays in the text
   */
  public static Run run(String prompt, int maxTokens, List<String> stops, boolean keepsStop) {
    int promptTokens = prompt.isBlank() ? 0 : prompt.strip().split("\\s+").length;
    if (prompt.contains(FAIL_FIRST)) {
      return new Run(List.of(), "", Ending.FAILURE, promptTokens);
    }
    if (prompt.contains(FAIL_LATER)) {
      return new Run(TOKENS.subList(0, 2), "", Ending.FAILURE, promptTokens);
    }
    if (prompt.contains(HANG)) {
      return new Run(TOKENS.subList(0, 2), "", Ending.SILENCE, promptTokens);
    }
    List<String> pieces = new ArrayList<>();
    String text = "";
    for (String token : TOKENS) {
      if (pieces.size() == maxTokens) {
        return new Run(pieces, "length", Ending.FINISH, promptTokens);
      }
      text += token;
      for (String stop : stops) {
        int at = text.indexOf(stop);
        if (!stop.isEmpty() && at >= 0) {
          int end = keepsStop ? at + stop.length() : at;
          int before = text.length() - token.length();
          pieces.add(token.substring(0, Math.max(0, end - before)));
          return new Run(pieces, "stop", Ending.FINISH, promptTokens);
        }
      }
      pieces.add(token);
    }
    return new Run(pieces, "stop", Ending.FINISH, promptTokens);
  }
}
