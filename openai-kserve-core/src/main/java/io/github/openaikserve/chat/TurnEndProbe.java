package io.github.openaikserve.chat;

import static io.github.openaikserve.chat.Renderings.FUNCTION;
import static io.github.openaikserve.chat.Renderings.NEXT;
import static io.github.openaikserve.chat.Renderings.TEXT;

import io.github.openaikserve.chat.format.ModelFormat;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A probe that finds the tokens that end an assistant's turn. It renders an answer and a tool call
 * and reads what follows them. If nothing follows the last message, the token that begins the next
 * message ends the turn.
 */
final class TurnEndProbe {
  /** Tokens such as {@code <|im_end|>} and MiniMax's {@code [e~[}. */
  private static final Pattern TOKEN =
      Pattern.compile("<[^<>\\s]{1,80}>|[\\[\\]][^\\[\\]<>\\s\"]{1,80}[\\[\\]]");

  /** A word between two markers, as in Kimi K3's end of a message. */
  private static final Pattern WORD = Pattern.compile("\\s*\\w+\\s*");

  /** A string, or the end of one at the beginning of a text. */
  private static final Pattern STRING = Pattern.compile("^\"|\"[^\"]*\"");

  /** Tags of HTML and names in brackets. */
  private static final Pattern ORDINARY = Pattern.compile("</?\\p{Alnum}+/?>|\\[/?\\w+]");

  /**
   * The end tokens of gpt-oss's channels. An answer consists of several messages, each with another
   * token at its end.
   *
   * <p>Source: {@code openai/harmony}: {@code docs/format.md}.
   */
  private static final List<String> ENDS_OF_HARMONY = List.of("<|return|>", "<|call|>");

  /** The token that begins a prompt of many models, which is also a tag of HTML. */
  private static final String BOS = "<s>";

  /** The variable with which Llama 3.1's template writes another token after a call. */
  private static final String BUILT_IN_TOOLS = "builtin_tools";

  private final Renderings renderings;
  private final ModelFormat format;
  private final Predicate<String> reads;

  /**
   * Creates a probe.
   *
   * @param format the format of the answers, whose markers do not end a turn
   * @param reads whether the template reads a variable
   */
  TurnEndProbe(Renderings renderings, ModelFormat format, Predicate<String> reads) {
    this.renderings = renderings;
    this.format = format;
    this.reads = reads;
  }

  /** Returns the tokens that end a turn; empty if the template shows none. */
  List<String> tokens() {
    if (format.reasoning() != null && format.reasoning().channels()) {
      return ENDS_OF_HARMONY;
    }
    Set<String> tokens = new LinkedHashSet<>();
    var answer = ChatCompletionRequestMessage.assistant(TEXT);
    add(tokens, TEXT, List.of(), answer, ChatCompletionRequestMessage.user(NEXT), Map.of());
    if (format.toolCalls() != null) {
      List<Map<String, @Nullable Object>> arguments = new ArrayList<>(List.of(Map.of()));
      if (reads.test(BUILT_IN_TOOLS)) {
        arguments.add(Map.of(BUILT_IN_TOOLS, List.of()));
      }
      for (Map<String, @Nullable Object> variables : arguments) {
        add(
            tokens,
            CallDerivation.SECOND_VALUE,
            Renderings.tools(CallDerivation.TYPES),
            Renderings.calls(List.of(FUNCTION, CallDerivation.ARGUMENTS)),
            Renderings.result(),
            variables);
      }
    }
    return List.copyOf(tokens);
  }

  private void add(
      Set<String> tokens,
      String probe,
      List<ChatCompletionTool> tools,
      ChatCompletionRequestMessage answer,
      ChatCompletionRequestMessage next,
      Map<String, @Nullable Object> arguments) {
    String token = first(after(renderings.turn(tools, List.of(answer), arguments), probe));
    if (token == null) {
      String both = after(renderings.turn(tools, List.of(answer, next), arguments), probe);
      int end = both.indexOf(NEXT);
      token = end < 0 ? null : first(both.substring(0, end));
    }
    if (token != null) {
      tokens.add(token);
    }
  }

  private static String after(@Nullable String turn, String probe) {
    int at = turn == null ? -1 : turn.lastIndexOf(probe);
    return turn == null || at < 0 ? "" : turn.substring(at + probe.length());
  }

  /**
   * Returns whether a text may be part of an answer, such as {@code </p>} or {@code [user]}. Models
   * that have {@code </s>} end an answer with it.
   */
  private boolean isOrdinary(String token) {
    TemplateMetadata traits = renderings.traits();
    return ORDINARY.matcher(token).matches()
        && !token.equals("</s>")
        && !token.equals(traits.eos())
        && !traits.special().contains(token);
  }

  /**
   * Returns the token with which a text begins after white space, markers and the end of a call;
   * null for none. A token after other text is not part of the end: a template may mention one in
   * an instruction.
   */
  private @Nullable String first(String text) {
    Matcher matcher = TOKEN.matcher(text);
    int end = 0;
    while (matcher.find()) {
      String between = text.substring(end, matcher.start());
      if (!isCallEnd(between) && (end == 0 || !WORD.matcher(between).matches())) {
        return null;
      }
      String token = matcher.group();
      if (!format.isMarker(token)
          && !isOrdinary(token)
          && !token.contains("probe")
          && !token.equals(renderings.traits().bos())
          && !token.equals(BOS)) {
        return token;
      }
      end = matcher.end();
    }
    return null;
  }

  /** Returns whether a text has no words, except for strings such as the id of a call. */
  private static boolean isCallEnd(String text) {
    return STRING.matcher(text).replaceAll("").codePoints().noneMatch(Character::isLetterOrDigit);
  }
}
