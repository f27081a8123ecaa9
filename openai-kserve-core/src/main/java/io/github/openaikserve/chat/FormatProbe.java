package io.github.openaikserve.chat;

import static io.github.openaikserve.chat.Renderings.ANOTHER;
import static io.github.openaikserve.chat.Renderings.FUNCTION;
import static io.github.openaikserve.chat.Renderings.TEXT;

import io.github.openaikserve.chat.format.CallMarkers;
import io.github.openaikserve.chat.format.ModelFormat;
import io.github.openaikserve.chat.format.ReasoningFormat;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.chat.format.ToolCallFormats;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A probe that finds the {@link ModelFormat} of a template by rendering conversations.
 *
 * <p>A format is derived from a rendered tool call or rendered reasoning. It is used only if the
 * parser reads the rendering back correctly. If no format can be derived, a curated format that
 * reads the rendering back is used. If the template does not render tool calls, a curated format is
 * used whose markers the template describes to the model.
 */
final class FormatProbe {
  private static final String TYPED =
      "{\"text\": \"a <b> \\\"c\\\" 12\", \"count\": 7, \"flag\": true, \"list\": [\"x\", 1]}";

  /** One call with arguments of each type, one without arguments, and two calls. */
  private static final List<List<String>> CALLS =
      List.of(
          List.of(FUNCTION, TYPED),
          List.of(FUNCTION, "{}"),
          List.of(FUNCTION, TYPED, ANOTHER, "{\"count\": 1}"));

  private static final Pattern COMMENT = Pattern.compile("\\{#.*?#\\}", Pattern.DOTALL);

  private static final Map<String, String> TYPES = new LinkedHashMap<>();

  static {
    TYPES.put("text", "string");
    TYPES.put("count", "integer");
    TYPES.put("flag", "boolean");
    TYPES.put("list", "array");
  }

  private final Renderings renderings;

  private final String source;
  private final TemplateCapabilities capabilities;
  private final List<String> evidence = new ArrayList<>();
  private @Nullable ReasoningFormat reasoning;
  private final List<ChatCompletionTool> tools = Renderings.tools(TYPES);

  FormatProbe(Renderings renderings, String source, TemplateCapabilities capabilities) {
    this.renderings = renderings;
    this.source = source;
    this.capabilities = capabilities;
  }

  ModelFormat format() {
    List<ChatCompletionTool> known = capabilities.takesTools() ? tools : null;
    reasoning = new ReasoningProbe(renderings, source, known, evidence).format();
    ToolCallFormat calls = capabilities.takesTools() ? toolCalls() : null;
    return new ModelFormat(reasoning, calls, evidence);
  }

  private @Nullable ToolCallFormat toolCalls() {
    if (renderings.writesChannels()) {
      return found(ToolCallFormats.HARMONY, "the template writes channels");
    }
    String call = markup(CallDerivation.TYPES, List.of(FUNCTION, CallDerivation.ARGUMENTS));
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
    if (call != null) {
      return unknown();
    }
    String taught = renderings.render(tools, List.of(), Map.of());
    Predicate<ToolCallFormat> shown = format -> taught != null && format.isShownIn(taught);
    return ToolCallFormats.all().stream()
        .filter(shown)
        .findFirst()
        .map(format -> found(format, "the template teaches the model its markers"))
        .orElseGet(this::ofFailingTemplate);
  }

  /**
   * Returns the format whose markers a template has outside of comments, if the template fails for
   * each call: Kimi K2's changes a list, which transformers does not allow.
   */
  private @Nullable ToolCallFormat ofFailingTemplate() {
    if (!renderings.failsForCalls(tools)) {
      return unknown();
    }
    String code = COMMENT.matcher(source).replaceAll("");
    return ToolCallFormats.all().stream()
        .filter(format -> format.isShownIn(code))
        .findFirst()
        .map(format -> found(format, "the template fails for a call, but has its markers"))
        .orElseGet(this::unknown);
  }

  private @Nullable ToolCallFormat unknown() {
    evidence.add(
        "tool calls: unknown, because the template shows no format that the parser reads back");
    return null;
  }

  private ToolCallFormat found(ToolCallFormat format, String how) {
    evidence.add("tool calls: " + format.name() + ", because " + how + ": " + format.pattern());
    return format;
  }

  /**
   * Returns the curated format with the derived markers, which is more complete, or the derived
   * format.
   */
  private @Nullable ToolCallFormat named(CallMarkers markers) {
    boolean unmarked = markers.format().opening(null).orElse("").startsWith("{");
    ToolCallFormat derived = unmarked ? markers.bare().format() : markers.format();
    List<Predicate<ToolCallFormat>> matches =
        List.of(format -> format.isWrittenAs(derived), format -> format.hasMarkersOf(derived));
    for (Predicate<ToolCallFormat> match : matches) {
      for (ToolCallFormat format : ToolCallFormats.all()) {
        if (match.test(format) && readsBack(format)) {
          return found(format, "its markers are those of a call that the template writes");
        }
      }
    }
    return readsBack(derived)
        ? found(derived, "these are the markers of a call that the template writes")
        : null;
  }

  /** Returns the markup of tool calls; null if the template does not render them. */
  private @Nullable String markup(Map<String, String> types, List<String> namesAndArguments) {
    List<ChatCompletionTool> known = Renderings.tools(types);
    String plain = renderings.turn(known, ChatCompletionRequestMessage.assistant(TEXT), Map.of());
    String turn = renderings.turn(known, Renderings.calls(namesAndArguments), Map.of());
    String last = namesAndArguments.get(namesAndArguments.size() - 2);
    return plain != null && turn != null && turn.contains(last)
        ? Renderings.difference(turn, plain)
        : null;
  }

  /** Returns whether the parser reads {@link #CALLS} back as they were rendered. */
  private boolean readsBack(ToolCallFormat format) {
    return CALLS.stream().allMatch(calls -> readsBack(format, calls));
  }

  private boolean readsBack(ToolCallFormat format, List<String> namesAndArguments) {
    String markup = markup(TYPES, namesAndArguments);
    if (markup == null) {
      return namesAndArguments.size() > 2; // some templates render only one call
    }
    var answer = new ReadBack();
    var parser = new ModelFormat(reasoning, format).parser("", tools);
    parser.next(markup, answer);
    parser.end(answer, false);
    List<String> around = reasoning == null ? List.of() : reasoning.contentEnds();
    return answer.isNothingBut(around, namesAndArguments);
  }
}
