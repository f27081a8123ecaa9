package io.github.openaikserve.chat;

import static io.github.openaikserve.chat.Renderings.REASONING;
import static io.github.openaikserve.chat.Renderings.TEXT;

import io.github.openaikserve.chat.format.ModelFormat;
import io.github.openaikserve.chat.format.ReasoningFormat;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A probe that finds the {@link ReasoningFormat} of a template by rendering conversations. A
 * derived format is used only if the parser reads the rendering back correctly.
 */
final class ReasoningProbe {
  private final Renderings renderings;
  private final String source;
  private final @Nullable List<ChatCompletionTool> tools;
  private final List<String> evidence;

  /**
   * Creates a probe.
   *
   * @param tools the tools of a conversation with a call; null if the template does not support
   *     tools
   * @param evidence the list to which the reason for the format is added
   */
  ReasoningProbe(
      Renderings renderings,
      String source,
      @Nullable List<ChatCompletionTool> tools,
      List<String> evidence) {
    this.renderings = renderings;
    this.source = source;
    this.tools = tools;
    this.evidence = evidence;
  }

  /** Returns the format; null if the template does not show that the model reasons. */
  @Nullable ReasoningFormat format() {
    ReasoningFormat declared = renderings.traits().reasoning();
    if (declared != null) {
      return found(declared, "models with this template write it");
    }
    if (renderings.writesChannels()) {
      return found(ReasoningFormats.HARMONY, "the template writes channels");
    }
    ReasoningFormat derived = derived();
    if (derived != null) {
      return derived;
    }
    String prompt = renderings.turn(List.of(), List.of(), Map.of("enable_thinking", true));
    var shown = new ShownReasoning(renderings, source, tools);
    return ReasoningFormats.all().stream()
        .filter(shown::has)
        .max(Comparator.comparing(format -> format.contentBegins().size()))
        .map(format -> found(format, isOpen(format, prompt)))
        .orElse(null);
  }

  private static boolean contentMarkers(ReasoningFormat format, String text) {
    return format.contentBegins().stream().allMatch(text::contains);
  }

  private static String isOpen(ReasoningFormat format, @Nullable String prompt) {
    boolean opens = prompt != null && !format.opensAnswer() && format.isOpenAfter(prompt);
    return opens ? "the prompt opens it" : "the template knows its markers";
  }

  private ReasoningFormat found(ReasoningFormat format, String how) {
    evidence.add("reasoning: " + format.name() + ", because " + how + ": " + format.pattern());
    return format;
  }

  private @Nullable ReasoningFormat derived() {
    Map<String, @Nullable Object> thinking = Map.of("enable_thinking", true, "thinking", true);
    String turn = renderings.turn(List.of(), Renderings.reasoning(), thinking);
    int at = turn == null ? -1 : turn.indexOf(REASONING);
    int text = turn == null || at < 0 ? -1 : turn.indexOf(TEXT, at);
    if (turn == null || text < 0) {
      return null;
    }
    String before = turn.substring(0, at);
    String after = turn.substring(at + REASONING.length(), text);
    for (ReasoningFormat format : ReasoningFormats.all()) {
      boolean same = format.isBetween(before, after) && contentMarkers(format, turn);
      if (same && readsBack(format, before, turn.substring(at))) {
        return found(format, "its markers are those of reasoning that the template writes");
      }
    }
    String begin = lastTag(before);
    String end = after.strip();
    String prompt = renderings.turn(List.of(), List.of(), thinking);
    boolean header = prompt != null && prompt.contains(begin) && !prompt.strip().endsWith(begin);
    String plain =
        renderings.turn(List.of(), ChatCompletionRequestMessage.assistant(TEXT), thinking);
    boolean tags =
        !header
            && !isOpened(plain, begin, end)
            && begin.length() > 2
            && end.length() > 2
            && !end.contains("\n");
    ReasoningFormat format = ReasoningFormat.of(CallDerivation.NAME, begin, end);
    return tags && readsBack(format, before, turn.substring(at))
        ? found(format, "these are the markers of reasoning that the template writes")
        : null;
  }

  /** Returns whether a tag opens the text of an answer without reasoning too. */
  private static boolean isOpened(@Nullable String plain, String begin, String end) {
    int text = plain == null ? -1 : plain.indexOf(TEXT);
    int at = plain == null ? -1 : plain.lastIndexOf(begin, text);
    return plain != null && at >= 0 && !plain.substring(at, text).contains(end);
  }

  /** Returns the tag at the end of a text; empty for none. */
  private static String lastTag(String text) {
    String stripped = text.strip();
    int start = Math.max(stripped.lastIndexOf('<'), stripped.lastIndexOf('['));
    int line = stripped.lastIndexOf('\n') + 1;
    boolean closed = stripped.endsWith(">") || stripped.endsWith("]");
    return start >= 0 && closed ? stripped.substring(start) : stripped.substring(line);
  }

  private static boolean readsBack(ReasoningFormat format, String before, String reasoning) {
    var answer = new ReadBack();
    String begin = format.begins().stream().filter(before.strip()::endsWith).findFirst().orElse("");
    var parser = new ModelFormat(format, null).parser("", List.of());
    parser.next(begin + reasoning.substring(0, reasoning.indexOf(TEXT) + TEXT.length()), answer);
    parser.end(answer, false);
    return answer.reasoning().strip().equals(REASONING) && answer.content().equals(TEXT);
  }
}
