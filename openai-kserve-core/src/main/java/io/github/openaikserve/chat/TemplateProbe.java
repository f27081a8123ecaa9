package io.github.openaikserve.chat;

import io.github.openaikserve.internal.jinja.JinjaException;
import io.github.openaikserve.internal.jinja.JinjaRefusal;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.ToolMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.UserMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a template needs by what becomes of small conversations: a template does not say
 * it in any other way.
 */
final class TemplateProbe {
  private static final String FUNCTION = "probe_function";
  private static final String KEY = "probe_key";
  private static final ChatCompletionRequestMessage SYSTEM =
      ChatCompletionRequestMessage.system("probe_system");
  private static final ChatCompletionRequestMessage USER =
      ChatCompletionRequestMessage.user("probe_user");
  private static final ChatCompletionRequestMessage CALL =
      new AssistantMessage(
          null,
          null,
          List.of(new ChatCompletionMessageToolCall("probe0000", FUNCTION, "{\"" + KEY + "\": 1}")),
          Map.of());
  private static final ChatCompletionRequestMessage ANSWER =
      new ToolMessage("tool", MessageContent.of("probe_answer"), "probe0000", Map.of());
  private static final ChatCompletionTool TOOL =
      new ChatCompletionTool(
          "function",
          Map.of(
              "name",
              FUNCTION,
              "description",
              "probe",
              "parameters",
              Map.of("type", "object", "properties", Map.of(KEY, Map.of("type", "string")))));

  private final Function<Map<String, ?>, String> template;
  private final TemplateTraits traits;

  /**
   * Makes a probe.
   *
   * @param template renders with the variables it is given
   */
  TemplateProbe(Function<Map<String, ?>, String> template, TemplateTraits traits) {
    this.template = template;
    this.traits = traits;
  }

  TemplateNeeds needs() {
    boolean typed = !reads(false) && reads(true);
    boolean tools = writesTools(typed);
    Set<String> media = media(typed);
    for (boolean nullContent : List.of(true, false)) {
      for (boolean parsed : List.of(true, false)) {
        var needs = new TemplateNeeds(tools, true, typed, parsed, nullContent, media);
        if (writesCalls(needs)) {
          return needs;
        }
      }
    }
    return new TemplateNeeds(tools, false, typed, true, true, media);
  }

  /** A part has a place where it leaves a mark beside the text. */
  private Set<String> media(boolean typed) {
    Set<String> places = new HashSet<>();
    for (String type : TemplateContext.MEDIA.keySet()) {
      var needs = new TemplateNeeds(true, true, typed, true, true, Set.of(type));
      var words = new ContentPart.Text("probe_user");
      var part = new ContentPart.Media(type, Map.of());
      String without = render(needs, List.of(), SYSTEM, user(words));
      String with = render(needs, List.of(), SYSTEM, user(part, words));
      if (without != null
          && with != null
          && with.contains("probe_user")
          && !with.contains("'type'") // a list as Python prints it
          && with.length() > without.length()) {
        places.add(type);
      }
    }
    return places;
  }

  private static ChatCompletionRequestMessage user(ContentPart... parts) {
    return new UserMessage(new MessageContent.Parts(List.of(parts)), null, Map.of());
  }

  private boolean reads(boolean typed) {
    var needs = new TemplateNeeds(true, true, typed, true, true, Set.of());
    String text = render(needs, List.of(), SYSTEM, USER);
    return text != null && text.contains("probe_user");
  }

  private boolean writesTools(boolean typed) {
    var needs = new TemplateNeeds(true, true, typed, true, true, Set.of());
    String text = render(needs, List.of(TOOL), SYSTEM, USER);
    return text != null && text.contains(FUNCTION);
  }

  private boolean writesCalls(TemplateNeeds needs) {
    String text = render(needs, List.of(), SYSTEM, USER, CALL, ANSWER);
    return text != null
        && text.contains(FUNCTION)
        && text.contains(KEY)
        && text.contains("probe_answer")
        && !text.contains("None") // a null that was written down
        && !text.contains("'" + KEY + "'") // a value as Python prints it
        && !text.contains("\\\"" + KEY); // JSON that was made JSON once more
  }

  /** Null when it fails. A template that takes no system message is tried without one. */
  private @Nullable String render(
      TemplateNeeds needs,
      List<ChatCompletionTool> tools,
      ChatCompletionRequestMessage... messages) {
    List<ChatCompletionRequestMessage> all = List.of(messages);
    try {
      return render(needs, tools, all);
    } catch (JinjaRefusal e) {
      try {
        return render(needs, tools, all.subList(1, all.size()));
      } catch (JinjaException withoutSystem) {
        return null;
      }
    } catch (JinjaException e) {
      return null;
    }
  }

  private String render(
      TemplateNeeds needs,
      List<ChatCompletionTool> tools,
      List<ChatCompletionRequestMessage> messages) {
    var conversation = new Conversation(messages, tools, Map.of());
    return template.apply(new TemplateContext(traits, needs).of(conversation));
  }
}
