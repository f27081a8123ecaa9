package io.github.openaikserve.chat.format;

import io.github.openaikserve.internal.literal.ParameterTypes;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The header of a message on gpt-oss's channels.
 *
 * <p>Source: {@code openai/harmony}: {@code docs/format.md}.
 *
 * @param channel {@code analysis}, {@code commentary} or {@code final}
 * @param recipient the function or tool that receives the message; empty if it is for the user
 */
record HarmonyHeader(String channel, String recipient) {
  private static final String CHANNEL = "<|channel|>";
  private static final String MESSAGE = "<|message|>";
  private static final String TO = "to=";
  private static final String FUNCTIONS = "functions.";

  /** The model's built-in tools. */
  private static final Set<String> BUILT_IN = Set.of("python", "browser", "container");

  /** Returns the header at the end of a text; null while it is incomplete. */
  static @Nullable HarmonyHeader of(StringBuilder text) {
    int end = text.length() - MESSAGE.length();
    if (end < 0 || text.indexOf(MESSAGE, end) != end) {
      return null;
    }
    int channel = text.lastIndexOf(CHANNEL);
    int to = text.lastIndexOf(TO);
    return new HarmonyHeader(
        word(text, channel < 0 ? 0 : channel + CHANNEL.length()),
        to < 0 ? "" : word(text, to + TO.length()));
  }

  /** Returns whether a complete header names an empty recipient. */
  static boolean isBroken(StringBuilder text) {
    int to = text.lastIndexOf(TO);
    return to >= 0 && word(text, to + TO.length()).isEmpty();
  }

  private static String word(StringBuilder text, int from) {
    int end = from;
    while (end < text.length()
        && !Character.isWhitespace(text.charAt(end))
        && text.charAt(end) != '<') {
      end++;
    }
    return text.substring(from, end);
  }

  boolean isAnalysis() {
    return channel.equals("analysis");
  }

  /** Returns the name of the function that receives the message. */
  String function() {
    return recipient.startsWith(FUNCTIONS) ? recipient.substring(FUNCTIONS.length()) : recipient;
  }

  /**
   * Returns whether the message is for a built-in tool of the model, which clients do not offer.
   */
  boolean isBuiltIn(ParameterTypes tools) {
    String tool =
        recipient.contains(".") ? recipient.substring(0, recipient.indexOf('.')) : recipient;
    return BUILT_IN.contains(tool) && !tools.isKnown(function());
  }
}
