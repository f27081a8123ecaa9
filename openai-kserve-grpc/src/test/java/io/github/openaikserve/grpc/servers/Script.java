package io.github.openaikserve.grpc.servers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a scripted model generates for a prompt. Some words in the prompt make it do otherwise. */
public final class Script {
  /** In a prompt: fail before the first token. */
  public static final String FAIL_FIRST = "fail-first";

  /** In a prompt: fail after two tokens. */
  public static final String FAIL_LATER = "fail-later";

  /** In a prompt: fall silent after two tokens, until cancelled. */
  public static final String HANG = "hang-on";

  /** In a prompt: go on for as long as it is let. */
  public static final String GO_ON = "go-on";

  /** In a prompt: answer with a response that has no outputs, which not every model can. */
  public static final String SAY_NOTHING = "say-nothing";

  /** In a prompt: be broken off after two tokens, and say so. */
  public static final String BREAK_OFF = "break-off";

  /** In a prompt: call a tool, as Mistral's models do, with a marker that is a special token. */
  public static final String CALL = "call-it";

  /** What {@link #CALL} is answered with. */
  public static final List<String> CALL_TOKENS =
      List.of(
          "[TOOL_CALLS]", "[{\"name\": \"weather\", ", "\"arguments\": {\"city\": \"Paris\"}}]");

  /** The tokens of {@link #GO_ON}, at which the context of the model ends. */
  private static final int CONTEXT = 40;

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
    int promptTokens = words(prompt);
    if (prompt.contains(FAIL_FIRST)) {
      return new Run(List.of(), "", Ending.FAILURE, promptTokens);
    }
    if (prompt.contains(FAIL_LATER)) {
      return new Run(TOKENS.subList(0, 2), "", Ending.FAILURE, promptTokens);
    }
    if (prompt.contains(HANG)) {
      return new Run(TOKENS.subList(0, 2), "", Ending.SILENCE, promptTokens);
    }
    if (prompt.contains(BREAK_OFF)) {
      return new Run(TOKENS.subList(0, 2), "abort", Ending.FINISH, promptTokens);
    }
    if (prompt.contains(GO_ON)) {
      int tokens = maxTokens < 0 ? CONTEXT : Math.min(maxTokens, CONTEXT);
      return new Run(Collections.nCopies(tokens, " la"), "length", Ending.FINISH, promptTokens);
    }
    if (prompt.contains(CALL)) {
      return new Run(CALL_TOKENS, "stop", Ending.FINISH, promptTokens);
    }
    return run(TOKENS, maxTokens, stops, keepsStop, promptTokens);
  }

  /** How many tokens a prompt has. */
  static int words(String prompt) {
    return prompt.isBlank() ? 0 : prompt.strip().split("\\s+").length;
  }

  private static Run run(
      List<String> tokens, int maxTokens, List<String> stops, boolean keepsStop, int promptTokens) {
    List<String> pieces = new ArrayList<>();
    String text = "";
    for (String token : tokens) {
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
