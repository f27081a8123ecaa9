package io.github.openaikserve.chat;

import static io.github.openaikserve.chat.ProbeMessages.ANSWER;
import static io.github.openaikserve.chat.ProbeMessages.ANY_ROLE;
import static io.github.openaikserve.chat.ProbeMessages.CALL;
import static io.github.openaikserve.chat.ProbeMessages.DEVELOPER;
import static io.github.openaikserve.chat.ProbeMessages.FUNCTION;
import static io.github.openaikserve.chat.ProbeMessages.KEY;
import static io.github.openaikserve.chat.ProbeMessages.LATE;
import static io.github.openaikserve.chat.ProbeMessages.MALFORMED;
import static io.github.openaikserve.chat.ProbeMessages.RESULT;
import static io.github.openaikserve.chat.ProbeMessages.SYSTEM;
import static io.github.openaikserve.chat.ProbeMessages.TOOL;
import static io.github.openaikserve.chat.ProbeMessages.USER;
import static io.github.openaikserve.chat.ProbeMessages.user;

import io.github.openaikserve.chat.TemplateCapabilities.Arguments;
import io.github.openaikserve.internal.jinja.JinjaException;
import io.github.openaikserve.internal.jinja.TemplateRaisedException;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.ContentPart;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A probe that finds the input conventions of a template by rendering small conversations.
 * Templates do not declare them.
 */
final class TemplateProbe {
  private static final Pattern ROLE = Pattern.compile("probe_role", Pattern.CASE_INSENSITIVE);

  private final Function<Map<String, ?>, String> template;
  private final TemplateMetadata traits;

  /**
   * Creates a probe.
   *
   * @param template renders with the given variables
   */
  TemplateProbe(Function<Map<String, ?>, String> template, TemplateMetadata traits) {
    this.template = template;
    this.traits = traits;
  }

  /** Returns the capabilities of the template. Renders it several times. */
  TemplateCapabilities capabilities() {
    TemplateCapabilities all = TemplateCapabilities.all(false, true, true, Set.of());
    boolean typed = !reads(all) && reads(TemplateCapabilities.all(true, true, true, Set.of()));
    Set<String> media = media(typed);
    for (boolean nullContent : List.of(true, false)) {
      for (boolean parsed : List.of(true, false)) {
        TemplateCapabilities tried = TemplateCapabilities.all(typed, parsed, nullContent, media);
        if (writesCalls(tried)) {
          return withConventions(tried, true, true);
        }
      }
    }
    TemplateCapabilities none = TemplateCapabilities.all(typed, true, true, media);
    String results = render(none, List.of(TOOL), SYSTEM, USER, CALL, RESULT);
    return withConventions(none, false, results != null && results.contains("probe_answer"));
  }

  private TemplateCapabilities withConventions(
      TemplateCapabilities tried, boolean calls, boolean results) {
    String tools = render(tried, List.of(TOOL), SYSTEM, USER);
    boolean takesTools = tools != null && tools.contains(FUNCTION);
    var capabilities =
        new TemplateCapabilities(
            takesTools,
            calls,
            results && (calls || takesTools),
            knowsDeveloper(tried),
            tried.typedContent(),
            calls && takesNoText(tried) ? Arguments.MAPPING : tried.arguments(),
            tried.nullContent(),
            calls && writesMistralsCalls(tried),
            system(tried),
            HistoryRules.ANY,
            takesTools ? requiredOfTools(tried) : Set.of(),
            tried.media());
    return capabilities.with(new HistoryProbe(this, capabilities).rules());
  }

  /**
   * Returns whether the template has a place for the role {@code developer}. A template that writes
   * any role, in any case, would write one that its model does not know.
   */
  private boolean knowsDeveloper(TemplateCapabilities capabilities) {
    String developer = renderStrictly(capabilities, DEVELOPER, USER);
    String any = renderStrictly(capabilities, ANY_ROLE, USER);
    return developer != null
        && developer.contains("probe_system")
        && !developer.equalsIgnoreCase(
            any == null ? null : ROLE.matcher(any).replaceAll("developer"));
  }

  /** Returns whether calls are Mistral's, whose templates reject ids that are longer. */
  private boolean writesMistralsCalls(TemplateCapabilities capabilities) {
    String turn = render(capabilities, List.of(TOOL), SYSTEM, USER, CALL, RESULT);
    return turn != null && turn.contains("[TOOL_CALLS]");
  }

  /** Finds the parts of a tool definition that are optional, but needed by the template. */
  private Set<String> requiredOfTools(TemplateCapabilities capabilities) {
    Set<String> required = new HashSet<>();
    Map<String, @Nullable Object> full = TOOL.definition();
    Map<String, @Nullable Object> some = new HashMap<>(full);
    some.remove("description");
    if (!writesTool(capabilities, some)) {
      required.add("description");
    }
    some = new HashMap<>(full);
    some.remove("parameters");
    boolean keeps = writesTool(capabilities, some);
    for (Map<String, String> schema : List.of(Map.<String, String>of(), Map.of("type", "object"))) {
      some.put("parameters", schema);
      keeps &= writesTool(capabilities, some);
    }
    if (!keeps) {
      required.add("parameters");
    }
    return required;
  }

  private boolean writesTool(
      TemplateCapabilities capabilities, Map<String, @Nullable Object> definition) {
    var tool = new ChatCompletionTool("function", definition);
    String text = render(capabilities, List.of(tool), SYSTEM, USER);
    return text != null && text.contains(FUNCTION);
  }

  /** Finds the supported position of system messages. */
  private SystemPlace system(TemplateCapabilities capabilities) {
    List<String> both = List.of("probe_system", "probe_late");
    boolean anywhere =
        writes(both, capabilities, SYSTEM, USER, ANSWER, LATE, USER)
            && writes(both, capabilities, SYSTEM, LATE, USER);
    boolean first = anywhere || writes(both.subList(0, 1), capabilities, SYSTEM, USER);
    if (first || !writes(List.of("probe_user"), capabilities, USER)) {
      return anywhere || !first ? SystemPlace.ANYWHERE : SystemPlace.FIRST;
    }
    return SystemPlace.IN_USER;
  }

  boolean writes(
      List<String> texts,
      TemplateCapabilities capabilities,
      ChatCompletionRequestMessage... messages) {
    String text = renderStrictly(capabilities, messages);
    return text != null && texts.stream().allMatch(text::contains);
  }

  /** Returns whether arguments must be a mapping. */
  private boolean takesNoText(TemplateCapabilities capabilities) {
    return capabilities.arguments() == Arguments.VALUES
        && render(capabilities, List.of(TOOL), SYSTEM, USER, MALFORMED, RESULT) == null;
  }

  /** Returns the supported media parts: those that change the rendering in addition to the text. */
  private Set<String> media(boolean typed) {
    Set<String> places = new HashSet<>();
    for (String type : TemplateContext.MEDIA.keySet()) {
      TemplateCapabilities capabilities = TemplateCapabilities.all(typed, true, true, Set.of(type));
      var words = new ContentPart.Text("probe_user");
      var part = new ContentPart.Media(type, Map.of());
      String without = render(capabilities, List.of(), SYSTEM, user(words));
      String with = render(capabilities, List.of(), SYSTEM, user(part, words));
      if (without != null
          && with != null
          && with.contains("probe_user")
          && !with.contains("'type'") // a list printed by Python
          && with.length() > without.length()) {
        places.add(type);
      }
    }
    return places;
  }

  private boolean reads(TemplateCapabilities capabilities) {
    String text = render(capabilities, List.of(), SYSTEM, USER);
    return text != null && text.contains("probe_user");
  }

  /** Tries with the tool in the list, as clients send it, and then without. */
  private boolean writesCalls(TemplateCapabilities capabilities) {
    return writesCalls(capabilities, List.of(TOOL)) || writesCalls(capabilities, List.of());
  }

  private boolean writesCalls(TemplateCapabilities capabilities, List<ChatCompletionTool> tools) {
    String text = render(capabilities, tools, SYSTEM, USER, CALL, RESULT);
    if (text == null) {
      return false;
    }
    String turn = text.substring(Math.max(0, text.lastIndexOf("probe_user")));
    return turn.contains(FUNCTION)
        && turn.contains(KEY)
        && turn.contains("probe_answer")
        && !turn.contains("None") // a rendered null
        && !turn.contains("'" + KEY + "'") // a value printed by Python
        && !turn.contains("\\\"" + KEY); // JSON that was encoded twice
  }

  /**
   * Returns the rendering; null if it fails. If the template does not support system messages, it
   * is tried without them.
   */
  @Nullable String render(
      TemplateCapabilities capabilities,
      List<ChatCompletionTool> tools,
      ChatCompletionRequestMessage... messages) {
    List<ChatCompletionRequestMessage> all = List.of(messages);
    try {
      return render(capabilities, tools, all);
    } catch (TemplateRaisedException e) {
      try {
        return render(capabilities, tools, all.subList(1, all.size()));
      } catch (JinjaException withoutSystem) {
        return null;
      }
    } catch (JinjaException e) {
      return null;
    }
  }

  private @Nullable String renderStrictly(
      TemplateCapabilities capabilities, ChatCompletionRequestMessage... messages) {
    try {
      return render(capabilities, List.of(), List.of(messages));
    } catch (JinjaException e) {
      return null;
    }
  }

  private String render(
      TemplateCapabilities capabilities,
      List<ChatCompletionTool> tools,
      List<ChatCompletionRequestMessage> messages) {
    var conversation = new Conversation(messages, tools, Map.of());
    return template.apply(new TemplateContext(traits, capabilities).of(conversation));
  }
}
