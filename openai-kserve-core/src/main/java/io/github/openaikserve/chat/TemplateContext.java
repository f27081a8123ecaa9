package io.github.openaikserve.chat;

import io.github.openaikserve.chat.SystemPlace.Placed;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.SystemMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.ToolMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.UserMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a Jinja template for a conversation, named as in Hugging Face's transformers.
 *
 * <p>Source: {@code huggingface/transformers}: {@code apply_chat_template}.
 *
 * @param callsAsText the format in which tool calls are written into the content if the template
 *     supports tools but not tool calls; null otherwise, or if the format is unknown
 */
record TemplateContext(
    TemplateMetadata traits,
    TemplateCapabilities capabilities,
    @Nullable ToolCallFormat callsAsText) {
  /** OpenAI's types of media parts and their names in templates. */
  static final Map<String, String> MEDIA = Map.of("image_url", "image", "input_audio", "audio");

  TemplateContext(TemplateMetadata traits, TemplateCapabilities capabilities) {
    this(traits, capabilities, null);
  }

  /**
   * Returns the variables.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException naming the content that the
   *     template does not support
   */
  Map<String, @Nullable Object> of(Conversation conversation) {
    // Arguments first: callers choose them and must not override the following variables.
    Map<String, @Nullable Object> context = new LinkedHashMap<>(conversation.chatTemplateKwargs());
    Object tools = conversation.tools().isEmpty() ? null : tools(conversation.tools());
    context.put("tools", tools);
    context.putIfAbsent("xml_tools", tools); // SmolLM3
    context.put("messages", messages(conversation.messages()));
    context.putIfAbsent("documents", null);
    context.put("add_generation_prompt", conversation.addsGenerationPrompt());
    context.put("bos_token", traits.bos());
    context.put("eos_token", traits.eos());
    return context;
  }

  private List<Map<String, @Nullable Object>> tools(List<ChatCompletionTool> tools) {
    if (!capabilities.takesTools()) {
      throw PlainTemplate.noPlace("tools", "tools");
    }
    List<Map<String, @Nullable Object>> list = new ArrayList<>(tools.size());
    for (int i = 0; i < tools.size(); i++) {
      ChatCompletionTool tool = tools.get(i);
      if (!tool.type().equals("function")) {
        throw PlainTemplate.noPlace("tools[" + i + "].type", "tools of type " + tool.type());
      }
      list.add(function(capabilities.definition(tool.definition())));
    }
    return list;
  }

  private List<Map<String, @Nullable Object>> messages(
      List<ChatCompletionRequestMessage> messages) {
    List<Map<String, @Nullable Object>> list = new ArrayList<>(messages.size());
    Map<String, String> callers = new HashMap<>();
    for (Placed placed : capabilities.history().rewrite(capabilities.system().place(messages))) {
      list.add(message(placed, callers));
    }
    return list;
  }

  /**
   * Returns one message.
   *
   * @param callers the functions called so far, by the ids of the tool calls
   */
  private Map<String, @Nullable Object> message(Placed placed, Map<String, String> callers) {
    ChatCompletionRequestMessage message = placed.message();
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("role", message.role());
    map.put("content", content(placed));
    if (message instanceof SystemMessage system) {
      map.put("role", capabilities.developer() ? system.role() : "system");
      name(map, system.name());
    } else if (message instanceof UserMessage user) {
      name(map, user.name());
    } else if (message instanceof AssistantMessage assistant) {
      name(map, assistant.name());
      reasoning(map, assistant);
      if (!assistant.toolCalls().isEmpty()) {
        assistantCalls(placed.path(), assistant, map, callers);
      }
    } else if (message instanceof ToolMessage tool) {
      result(placed.path(), tool, map, callers);
    }
    extra(message).forEach(map::putIfAbsent);
    return map;
  }

  /** Adds reasoning under the names that templates read. */
  private static void reasoning(Map<String, @Nullable Object> map, AssistantMessage message) {
    if (message.extra().isEmpty()) {
      return;
    }
    for (String name : List.of("reasoning_content", "reasoning")) {
      if (message.extra().get(name) instanceof String text && !text.isEmpty()) {
        map.putIfAbsent("reasoning_content", text);
        map.putIfAbsent("reasoning", text);
        if (!message.toolCalls().isEmpty() && message.text().isEmpty()) {
          map.putIfAbsent("thinking", text);
        }
      }
    }
  }

  private void assistantCalls(
      String path,
      AssistantMessage message,
      Map<String, @Nullable Object> map,
      Map<String, String> callers) {
    ToolCallFormat text = callsAsText;
    if (!capabilities.takesCalls() && text == null) {
      throw PlainTemplate.noPlace(path + ".tool_calls", "tool calls");
    }
    List<Map<String, @Nullable Object>> calls = calls(message.toolCalls(), callers);
    if (text != null) {
      var content = new StringBuilder(message.text());
      for (ChatCompletionMessageToolCall call : message.toolCalls()) {
        Object values = TemplateCapabilities.values(call.arguments());
        content.append(content.isEmpty() ? "" : "\n").append(text.write(call.name(), values));
      }
      map.put("content", capabilities.content(content.toString()));
      return;
    }
    if (message.text().isEmpty()) {
      map.put("content", capabilities.noContent());
    }
    map.put("tool_calls", calls);
  }

  private void result(
      String path,
      ToolMessage message,
      Map<String, @Nullable Object> map,
      Map<String, String> callers) {
    if (!capabilities.takesResults() && callsAsText == null) {
      throw PlainTemplate.noPlace(path + ".role", "tool messages");
    }
    if (!capabilities.takesResults()) {
      map.put("role", "user");
      map.put("content", capabilities.content(HistoryRules.asText(message)));
      return;
    }
    boolean older = message.role().equals("function");
    map.put("role", "tool");
    map.put("tool_call_id", capabilities.id(older ? "" : message.caller()));
    name(map, older ? message.caller() : callers.get(message.caller()));
  }

  /**
   * Returns the content as text, or as typed parts if there is more than text.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException naming an unsupported part
   */
  private Object content(Placed placed) {
    ChatCompletionRequestMessage message = placed.message();
    if (!(message.content() instanceof MessageContent.Parts content) || media(message).isEmpty()) {
      return capabilities.content(message.text());
    }
    List<ContentPart> parts = content.parts();
    List<Map<String, Object>> typed = new ArrayList<>(parts.size());
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i) instanceof ContentPart.Text text) {
        typed.add(Map.of("type", "text", "text", text.text()));
      } else if (parts.get(i) instanceof ContentPart.Media media) {
        if (!capabilities.media().contains(media.type())) {
          throw PlainTemplate.noPlace(
              placed.path() + ".content[" + i + "]", "parts of type " + media.type());
        }
        typed.add(Map.of("type", MEDIA.get(media.type())));
      }
    }
    return typed;
  }

  /** Returns the media parts of a message, in order. */
  static List<ContentPart.Media> media(ChatCompletionRequestMessage message) {
    if (!(message.content() instanceof MessageContent.Parts content)) {
      return List.of();
    }
    return content.parts().stream()
        .filter(ContentPart.Media.class::isInstance)
        .map(ContentPart.Media.class::cast)
        .toList();
  }

  private List<Map<String, @Nullable Object>> calls(
      List<ChatCompletionMessageToolCall> calls, Map<String, String> callers) {
    List<Map<String, @Nullable Object>> list = new ArrayList<>(calls.size());
    for (ChatCompletionMessageToolCall call : calls) {
      callers.put(call.id(), call.name());
      Map<String, @Nullable Object> function = new LinkedHashMap<>();
      function.put("name", call.name());
      function.put("arguments", capabilities.arguments(call.arguments()));
      Map<String, @Nullable Object> map = function(function);
      map.put("id", capabilities.id(call.id()));
      list.add(map);
    }
    return list;
  }

  private static Map<String, @Nullable Object> function(Map<String, @Nullable Object> definition) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("type", "function");
    map.put("function", definition);
    return map;
  }

  private static void name(Map<String, @Nullable Object> map, @Nullable String name) {
    if (name != null) {
      map.put("name", name);
    }
  }

  private static Map<String, @Nullable Object> extra(ChatCompletionRequestMessage message) {
    if (message instanceof SystemMessage system) {
      return system.extra();
    }
    if (message instanceof UserMessage user) {
      return user.extra();
    }
    if (message instanceof AssistantMessage assistant) {
      return assistant.extra();
    }
    return message instanceof ToolMessage tool ? tool.extra() : Map.of();
  }
}
