package io.github.openaikserve.internal.request;

import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tools that an answer may call, and whether a call is required. Immutable.
 *
 * @param tools the available tools, as functions
 * @param custom the custom tools among them, by name
 * @param required whether the answer must call one of them
 * @param function the name of the function that must be called; null for any
 */
public record ToolChoice(
    List<ChatCompletionTool> tools,
    Map<String, CustomTool> custom,
    boolean required,
    @Nullable String function) {
  private static final List<String> TYPES = List.of("function", "custom");
  private static final List<Object> MODES = List.of("auto", "required");
  private static final ToolChoice NOTHING = new ToolChoice(List.of(), Map.of(), false, null);

  /**
   * Returns the tool choice of a request.
   *
   * @throws InvalidRequestException naming the problem of the tools or of the choice
   */
  public static ToolChoice of(CreateChatCompletionRequest request) {
    List<ChatCompletionTool> requested = request.tools() == null ? List.of() : request.tools();
    List<ChatCompletionTool> tools = new ArrayList<>(requested.size());
    Map<String, CustomTool> custom = new HashMap<>();
    Object choice = request.toolChoice();
    if (requested.isEmpty()) {
      onlyWithTools("tool_choice", choice);
      onlyWithTools("parallel_tool_calls", request.parallelToolCalls());
      return NOTHING;
    }
    for (int i = 0; i < requested.size(); i++) {
      tools.add(function("tools[" + i + "]", requested.get(i), custom));
    }
    if ("none".equals(choice)) {
      return NOTHING;
    }
    if (choice instanceof Map<?, ?> object) {
      return ofObject(tools, custom, object);
    }
    if (choice != null && !MODES.contains(choice)) {
      throw wrong(
          "tool_choice", "invalid_value", "expected 'none', 'auto', 'required' or an object");
    }
    return new ToolChoice(tools, custom, "required".equals(choice), null);
  }

  /** Returns the tool choice of a request, or all of its tools if the choice is invalid. */
  public static ToolChoice leniently(CreateChatCompletionRequest request) {
    try {
      return of(request);
    } catch (InvalidRequestException e) {
      return request.tools() == null
          ? NOTHING
          : new ToolChoice(request.tools(), Map.of(), false, null);
    }
  }

  /**
   * Returns the text that begins a required call; empty if the format cannot begin one.
   *
   * @param calls the number of calls in the conversation
   */
  Optional<String> opening(ToolCallFormat format, int calls) {
    return format.opening(tools.size() == 1 ? tools.get(0).name() : function, calls);
  }

  private static ToolChoice ofObject(
      List<ChatCompletionTool> tools, Map<String, CustomTool> custom, Map<?, ?> choice) {
    if ("allowed_tools".equals(choice.get("type"))) {
      return allowed(tools, custom, choice.get("allowed_tools"));
    }
    if (!TYPES.contains(String.valueOf(choice.get("type")))) {
      throw wrong(
          "tool_choice.type",
          "unsupported_value",
          "expected 'function', 'custom' or 'allowed_tools'");
    }
    return new ToolChoice(tools, custom, true, knownName(tools, choice));
  }

  private static ToolChoice allowed(
      List<ChatCompletionTool> tools, Map<String, CustomTool> custom, @Nullable Object allowed) {
    if (!(allowed instanceof Map<?, ?> object) || !(object.get("tools") instanceof List<?> list)) {
      throw wrong(
          "tool_choice.allowed_tools", "invalid_type", "expected an object with a list of tools");
    }
    Object mode = object.get("mode");
    if (mode != null && !MODES.contains(mode)) {
      throw wrong(
          "tool_choice.allowed_tools.mode", "invalid_value", "expected 'auto' or 'required'");
    }
    Set<String> names = new HashSet<>();
    list.forEach(tool -> names.add(knownName(tools, tool)));
    List<ChatCompletionTool> chosen =
        tools.stream().filter(tool -> names.contains(tool.name())).toList();
    return new ToolChoice(chosen, custom, "required".equals(mode), null);
  }

  private static String knownName(List<ChatCompletionTool> tools, @Nullable Object choice) {
    if (choice instanceof Map<?, ?> object
        && object.get(String.valueOf(object.get("type"))) instanceof Map<?, ?> tool
        && tool.get("name") instanceof String name) {
      if (tools.stream().anyMatch(known -> known.name().equals(name))) {
        return name;
      }
      throw wrong("tool_choice", "invalid_value", "'tools' contains no function of this name");
    }
    throw wrong("tool_choice", "invalid_type", "expected the name of a function");
  }

  /** Returns a tool as a function. Adds custom tools to {@code custom}. */
  private static ChatCompletionTool function(
      String path, ChatCompletionTool tool, Map<String, CustomTool> custom) {
    if (!TYPES.contains(tool.type())) {
      throw InvalidRequestException.badValue(
          path + ".type",
          "unsupported_value",
          "Invalid '%s.type': expected 'function' or 'custom', but got '%s'."
              .formatted(path, InvalidRequestException.shown(tool.type())));
    }
    String name = tool.name();
    if (name.isEmpty() || name.length() > 64 || !name.chars().allMatch(ToolChoice::inNames)) {
      throw InvalidRequestException.badValue(
          "%s.%s.name".formatted(path, tool.type()),
          "invalid_value",
          "Invalid '%s.%s.name': expected 1 to 64 letters, digits, '_' or '-'."
              .formatted(path, tool.type()));
    }
    if (tool.type().equals("function")) {
      return tool;
    }
    CustomTool made = CustomTool.of(path + ".custom", tool);
    custom.put(name, made);
    return made.function();
  }

  private static boolean inNames(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }

  private static void onlyWithTools(String param, @Nullable Object value) {
    if (value != null) {
      throw wrong(param, null, "'%s' is only allowed when 'tools' are specified".formatted(param));
    }
  }

  private static InvalidRequestException wrong(String param, @Nullable String code, String why) {
    return InvalidRequestException.badValue(
        param, code, "Invalid value for '%s': %s.".formatted(param, why));
  }
}
