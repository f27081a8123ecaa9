package io.github.openaikserve.grpc.servers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The generation of a scripted model for a prompt. Some words in the prompt change it. */
public final class Script {
  /** In a prompt: fail before the first token. */
  public static final String FAIL_FIRST = "fail-first";

  /** In a prompt: fail after two tokens. */
  public static final String FAIL_LATER = "fail-later";

  /** In a prompt: send nothing after two tokens, until cancelled. */
  public static final String HANG = "hang-on";

  /** In a prompt: generate until the token limit or the end of the context. */
  public static final String GO_ON = "go-on";

  /** In a prompt: answer with a response without outputs, if the model can. */
  public static final String SAY_NOTHING = "say-nothing";

  /** In a prompt: abort after two tokens, and report that. */
  public static final String BREAK_OFF = "break-off";

  /** In a prompt: call a tool, as Mistral's models do, with a marker that is a special token. */
  public static final String CALL = "call-it";

  /** The answer to {@link #CALL}. */
  public static final List<String> CALL_TOKENS =
      List.of(
          "[TOOL_CALLS]", "[{\"name\": \"weather\", ", "\"arguments\": {\"city\": \"Paris\"}}]");

  /** The number of tokens of {@link #GO_ON}, which fill the model's context. */
  private static final int CONTEXT = 40;

  /** The answer to any other prompt. */
  public static final List<String> TOKENS = List.of("Once", " upon", " a", " time", ".");

  /** The end of a generation. */
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
   * @param finish the finish reason: stop or length
   */
  public record Run(List<String> pieces, String finish, Ending ending, int promptTokens) {
    /** Returns the whole text. */
    public String text() {
      return String.join("", pieces);
    }
  }

  private Script() {}

  /**
   * Returns the generation for a prompt.
   *
   * @param maxTokens the token limit, after which the finish reason is length
   * @param stops stop sequences, at which the finish reason is stop
   * @param keepsStop whether the text includes the stop sequence
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

  /** Returns the number of tokens of a prompt. */
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
