package io.github.openaikserve.chat;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.jinja.JinjaException;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.MessageContent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rendered small conversations. Their differences show the markup of a template. Each conversation
 * is rendered once. Not thread-safe.
 */
final class Renderings {
  /** The name of a function that no template contains. */
  static final String FUNCTION = "probe_function";

  static final String ANOTHER = "another_function";
  static final String TEXT = "probe text.";
  static final String REASONING = "probe reasoning.";

  /** The text of the message after an answer. */
  static final String NEXT = "probe_next";

  private static final String USER = "probe_user";
  private static final String ID = "probe0000";

  private final Function<Map<String, ?>, String> template;
  private final TemplateMetadata traits;
  private final TemplateCapabilities capabilities;
  private final Map<Conversation, Optional<String>> known = new HashMap<>();

  Renderings(
      Function<Map<String, ?>, String> template,
      TemplateMetadata traits,
      TemplateCapabilities capabilities) {
    this.template = template;
    this.traits = traits;
    this.capabilities = capabilities;
  }

  /** Returns the two functions with these parameters. */
  static List<ChatCompletionTool> tools(Map<String, String> types) {
    Map<String, Object> properties = new LinkedHashMap<>();
    types.forEach((name, type) -> properties.put(name, Map.of("type", type, "description", "d")));
    return List.of(tool(FUNCTION, properties), tool(ANOTHER, properties));
  }

  private static ChatCompletionTool tool(String name, Map<String, Object> properties) {
    Map<String, Object> schema =
        Map.of("type", "object", "properties", properties, "required", List.of());
    return new ChatCompletionTool(
        "function", Map.of("name", name, "description", "probe", "parameters", schema));
  }

  /** Returns an assistant message with function calls. */
  static AssistantMessage calls(List<String> namesAndArguments) {
    List<ChatCompletionMessageToolCall> calls = new ArrayList<>();
    for (int i = 0; i < namesAndArguments.size(); i += 2) {
      String id = namesAndArguments.size() == 2 ? ID : ID.substring(1) + i;
      String name = namesAndArguments.get(i);
      calls.add(new ChatCompletionMessageToolCall(id, name, namesAndArguments.get(i + 1)));
    }
    return new AssistantMessage(null, null, calls, Map.of());
  }

  /** Returns the answer of a tool to a single call. */
  static ChatCompletionRequestMessage result() {
    return ChatCompletionRequestMessage.tool(ID, NEXT);
  }

  /** Returns an assistant message with reasoning. */
  static AssistantMessage reasoning() {
    return new AssistantMessage(
        MessageContent.of(TEXT), null, List.of(), Map.of("reasoning_content", REASONING));
  }

  /** Returns the declared traits of the template. */
  TemplateMetadata traits() {
    return traits;
  }

  /** Returns an assistant message with reasoning and a call. */
  static AssistantMessage reasoningCall() {
    return new AssistantMessage(
        null,
        null,
        calls(List.of(FUNCTION, "{}")).toolCalls(),
        Map.of("reasoning_content", REASONING));
  }

  /** Returns whether an answer is written as a message on a channel. */
  boolean writesChannels() {
    String plain = turn(List.of(), ChatCompletionRequestMessage.assistant(TEXT), Map.of());
    return plain != null && plain.contains("<|channel|>final<|message|>" + TEXT);
  }

  /**
   * Returns the rendered text after the user's message; null if rendering fails.
   *
   * @param answer the assistant message; null for the generation prompt
   */
  @Nullable String turn(
      List<ChatCompletionTool> tools,
      @Nullable ChatCompletionRequestMessage answer,
      Map<String, @Nullable Object> arguments) {
    return turn(tools, answer == null ? List.of() : List.of(answer), arguments);
  }

  /**
   * Returns the rendered text after the user's message; null if rendering fails.
   *
   * @param more the messages after the user's; empty for the generation prompt
   */
  @Nullable String turn(
      List<ChatCompletionTool> tools,
      List<ChatCompletionRequestMessage> more,
      Map<String, @Nullable Object> arguments) {
    String all = render(tools, more, arguments);
    int user = all == null ? -1 : all.lastIndexOf(USER);
    return all == null || user < 0 ? null : all.substring(user + USER.length());
  }

  /**
   * Returns a rendered conversation; null if rendering fails.
   *
   * @param more the messages after the user's; empty for the generation prompt
   */
  @Nullable String render(
      List<ChatCompletionTool> tools,
      List<ChatCompletionRequestMessage> more,
      Map<String, @Nullable Object> arguments) {
    List<ChatCompletionRequestMessage> messages = new ArrayList<>();
    messages.add(ChatCompletionRequestMessage.user(USER));
    messages.addAll(more);
    return known
        .computeIfAbsent(
            new Conversation(messages, tools, arguments, more.isEmpty()),
            conversation -> Optional.ofNullable(render(conversation)))
        .orElse(null);
  }

  /** Returns whether the template itself fails for a call, so that it never writes one. */
  boolean failsForCalls(List<ChatCompletionTool> tools) {
    var all =
        TemplateCapabilities.all(capabilities.typedContent(), true, true, capabilities.media());
    return new Renderings(template, traits, all)
            .turn(tools, calls(List.of(FUNCTION, "{}")), Map.of())
        == null;
  }

  /**
   * Returns an answer whose content is a mapping of blocks, as Apertus's template has it; null if
   * rendering fails.
   */
  @Nullable String blocks() {
    var user = ChatCompletionRequestMessage.user(USER);
    Map<String, @Nullable Object> variables =
        new TemplateContext(traits, capabilities).of(new Conversation(List.of(user)));
    Map<String, Object> content =
        Map.of("blocks", List.of(block("thoughts", REASONING), block("response", TEXT)));
    List<Object> messages = new ArrayList<>();
    if (variables.get("messages") instanceof List<?> known) {
      messages.addAll(known);
    }
    messages.add(Map.of("role", "assistant", "content", content));
    variables.put("messages", messages);
    try {
      return template.apply(variables);
    } catch (JinjaException e) {
      return null;
    }
  }

  private static Map<String, Object> block(String type, String text) {
    return Map.of("type", type, "text", text);
  }

  private @Nullable String render(Conversation conversation) {
    try {
      return template.apply(new TemplateContext(traits, capabilities).of(conversation));
    } catch (JinjaException | InvalidRequestException e) {
      return null;
    }
  }

  /**
   * Returns the difference between a turn and a turn with only {@link #TEXT}: the markup of its
   * contents, without the common header and end.
   */
  static String difference(String turn, String plain) {
    int text = plain.indexOf(TEXT);
    String before = text < 0 ? plain : plain.substring(0, text);
    String after = text < 0 ? "" : plain.substring(text + TEXT.length());
    String rest = turn.substring(wholeTags(commonPrefix(turn, before)).length());
    String end = commonSuffix(rest, after);
    int first = 0;
    while (first < end.length() && "<[\n \uFF5C".indexOf(end.charAt(first)) < 0) {
      first++;
    }
    int cut = rest.length() - end.length() + first;
    if (cut > 0 && cut < rest.length() && Character.isLetterOrDigit(rest.charAt(cut - 1))) {
      cut = rest.indexOf('>', cut) + 1; // the end of a tag that both turns end with
    }
    return rest.substring(0, cut);
  }

  /** Returns a text without an unclosed tag, and without {@code >>>}, at its end. */
  static String wholeTags(String given) {
    String text = given;
    while (text.endsWith(">") && text.indexOf('>', text.lastIndexOf('<')) < text.length() - 1) {
      text = text.substring(0, text.length() - 1);
    }
    int open = Math.max(text.lastIndexOf('<'), text.lastIndexOf('['));
    int close = Math.max(text.lastIndexOf('>'), text.lastIndexOf(']'));
    return open > close ? text.substring(0, open) : text;
  }

  static String commonPrefix(String some, String other) {
    int length = 0;
    while (length < Math.min(some.length(), other.length())
        && some.charAt(length) == other.charAt(length)) {
      length++;
    }
    return some.substring(0, length);
  }

  static String commonSuffix(String some, String other) {
    int length = 0;
    while (length < Math.min(some.length(), other.length())
        && some.charAt(some.length() - 1 - length) == other.charAt(other.length() - 1 - length)) {
      length++;
    }
    return some.substring(some.length() - length);
  }
}
