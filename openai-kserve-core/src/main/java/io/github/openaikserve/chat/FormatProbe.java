package io.github.openaikserve.chat;

import static io.github.openaikserve.chat.Renderings.ANOTHER;
import static io.github.openaikserve.chat.Renderings.FUNCTION;
import static io.github.openaikserve.chat.Renderings.REASONING;
import static io.github.openaikserve.chat.Renderings.TEXT;

import io.github.openaikserve.chat.format.CallMarkers;
import io.github.openaikserve.chat.format.ModelFormat;
import io.github.openaikserve.chat.format.ReasoningFormat;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.chat.format.ToolCallFormats;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.MessageContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the {@link ModelFormat} of a template by rendering.
 *
 * <p>A format is derived from the rendering of a call or of reasoning, and used only if the parser
 * reads the rendering back as what was rendered. Where nothing can be derived, a curated format is
 * used that reads it back. Where the template renders no calls, a curated format is used whose
 * markers the template teaches the model.
 */
final class FormatProbe {
  private static final String TYPED =
      "{\"text\": \"a <b> \\\"c\\\" 12\", \"count\": 7, \"flag\": true, \"list\": [\"x\", 1]}";

  private static final Map<String, String> TYPES = new LinkedHashMap<>();

  static {
    TYPES.put("text", "string");
    TYPES.put("count", "integer");
    TYPES.put("flag", "boolean");
    TYPES.put("list", "array");
  }

  private final Renderings renderings;
  private final String source;
  private final TemplateNeeds needs;
  private final List<String> evidence = new ArrayList<>();
  private final List<ChatCompletionTool> tools = Renderings.tools(TYPES);

  FormatProbe(
      Function<Map<String, ?>, String> template,
      String source,
      TemplateTraits traits,
      TemplateNeeds needs) {
    this.renderings = new Renderings(template, traits, needs);
    this.source = source;
    this.needs = needs;
  }

  ModelFormat format() {
    ReasoningFormat reasoning = reasoning();
    ToolCallFormat calls = needs.takesTools() ? toolCalls() : null;
    return new ModelFormat(reasoning, calls, evidence);
  }

  private @Nullable ToolCallFormat toolCalls() {
    if (source.contains("<|channel|>") && source.contains("<|message|>")) {
      return found(ToolCallFormats.HARMONY, "the template writes channels");
    }
    String call = markup(CallDerivation.TYPES, FUNCTION, CallDerivation.ARGUMENTS);
    CallMarkers derived = call == null ? null : CallDerivation.of(call);
    if (derived != null) {
      ToolCallFormat format = named(derived);
      if (format != null) {
        return format;
      }
    }
    for (ToolCallFormat format : ToolCallFormats.all()) {
      if (call != null && readsBack(format)) {
        return found(format, "it reads back a call that the template writes");
      }
    }
    String taught = renderings.render(tools, null, Map.of());
    Predicate<ToolCallFormat> shown =
        format -> format.isShownIn(source) || (taught != null && format.isShownIn(taught));
    return ToolCallFormats.all().stream()
        .filter(shown)
        .findFirst()
        .map(format -> found(format, "the template teaches the model its markers"))
        .orElseGet(this::unknown);
  }

  private @Nullable ToolCallFormat unknown() {
    evidence.add("tool calls: unknown; the template shows no format");
    return null;
  }

  private ToolCallFormat found(ToolCallFormat format, String how) {
    evidence.add("tool calls: " + format.name() + ", because " + how + ": " + format.pattern());
    return format;
  }

  /** The curated format of the derived markers, which knows more, or the derived one. */
  private @Nullable ToolCallFormat named(CallMarkers markers) {
    boolean unmarked = markers.format().opening(null).orElse("").startsWith("{");
    ToolCallFormat derived = unmarked ? markers.bare().format() : markers.format();
    for (ToolCallFormat format : ToolCallFormats.all()) {
      if (format.isWrittenAs(derived) && readsBack(format)) {
        return found(format, "its markers are those of a call that the template writes");
      }
    }
    return readsBack(derived)
        ? found(derived, "these are the markers of a call that the template writes")
        : null;
  }

  /** The markup of calls; null if the template does not write them. */
  private @Nullable String markup(Map<String, String> types, String... namesAndArguments) {
    List<ChatCompletionTool> known = Renderings.tools(types);
    String plain = renderings.turn(known, answer(TEXT), Map.of());
    String turn = renderings.turn(known, Renderings.calls(null, namesAndArguments), Map.of());
    boolean written = turn != null && turn.contains(namesAndArguments[0]);
    return plain == null || turn == null || !written ? null : Renderings.difference(turn, plain);
  }

  private static AssistantMessage answer(String text) {
    return new AssistantMessage(MessageContent.of(text), null, List.of(), Map.of());
  }

  /** Whether calls come back as they were rendered: of each type, without arguments, and two. */
  private boolean readsBack(ToolCallFormat format) {
    return readsBack(format, FUNCTION, TYPED)
        && readsBack(format, FUNCTION, "{}")
        && readsBack(format, FUNCTION, TYPED, ANOTHER, "{\"count\": 1}");
  }

  private boolean readsBack(ToolCallFormat format, String... namesAndArguments) {
    String markup = markup(TYPES, namesAndArguments);
    if (markup == null) {
      return namesAndArguments.length > 2; // some templates write one call only
    }
    var answer = new ReadBack();
    var parser = new ModelFormat(null, format).parser("", tools);
    parser.next(markup, answer);
    parser.end(answer, false);
    return answer.isNothingBut(namesAndArguments);
  }

  private @Nullable ReasoningFormat reasoning() {
    if (source.contains("<|channel|>") && source.contains("<|message|>")) {
      return found(ReasoningFormats.HARMONY, "the template writes channels");
    }
    ReasoningFormat derived = derivedReasoning();
    if (derived != null) {
      return derived;
    }
    String prompt = renderings.turn(List.of(), null, Map.of("enable_thinking", true));
    for (ReasoningFormat format : ReasoningFormats.all()) {
      boolean ends = format.ends().stream().anyMatch(source::contains);
      boolean begins = format.begins().stream().anyMatch(source::contains);
      boolean opens = prompt != null && !format.opensAnswer() && format.isOpenAfter(prompt);
      if ((ends || begins) && format.contentBegins().stream().allMatch(source::contains)) {
        return found(format, opens ? "the prompt opens it" : "the template knows its markers");
      }
    }
    return null;
  }

  private ReasoningFormat found(ReasoningFormat format, String how) {
    evidence.add("reasoning: " + format.name() + ", because " + how + ": " + format.pattern());
    return format;
  }

  private @Nullable ReasoningFormat derivedReasoning() {
    Map<String, @Nullable Object> thinking = Map.of("enable_thinking", true, "thinking", true);
    String turn = renderings.turn(List.of(), Renderings.reasoning(), thinking);
    int at = turn == null ? -1 : turn.indexOf(REASONING);
    int text = turn == null || at < 0 ? -1 : turn.indexOf(TEXT, at);
    if (turn == null || text < 0) {
      return null;
    }
    String begin = lastTag(turn.substring(0, at));
    String end = turn.substring(at + REASONING.length(), text).strip();
    for (ReasoningFormat format : ReasoningFormats.all()) {
      boolean same = format.begins().contains(begin) && startsWithOne(end, format.ends());
      boolean content = format.contentBegins().stream().allMatch(turn::contains);
      if (same && content && readsBack(format, turn.substring(at - 1), begin)) {
        return found(format, "its markers are those of reasoning that the template writes");
      }
    }
    ReasoningFormat format = ReasoningFormat.of(CallDerivation.NAME, begin, end);
    boolean tags = begin.length() > 2 && end.length() > 2 && !end.contains("\n");
    return tags && readsBack(format, turn.substring(at - 1), begin)
        ? found(format, "these are the markers of reasoning that the template writes")
        : null;
  }

  private static boolean startsWithOne(String text, List<String> starts) {
    return starts.stream().anyMatch(text::startsWith);
  }

  /** The tag at the end of a text; empty if there is none. */
  private static String lastTag(String text) {
    String stripped = text.strip();
    int start = Math.max(stripped.lastIndexOf('<'), stripped.lastIndexOf('['));
    int line = stripped.lastIndexOf('\n') + 1;
    boolean closed = stripped.endsWith(">") || stripped.endsWith("]");
    return start >= 0 && closed ? stripped.substring(start) : stripped.substring(line);
  }

  private static boolean readsBack(ReasoningFormat format, String turn, String begin) {
    var answer = new ReadBack();
    var parser = new ModelFormat(format, null).parser("", List.of());
    parser.next(begin + turn.substring(0, turn.indexOf(TEXT) + TEXT.length()), answer);
    parser.end(answer, false);
    return answer.reasoning().strip().equals(REASONING) && answer.content().equals(TEXT);
  }
}
