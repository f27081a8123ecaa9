package io.github.openaikserve.internal.request;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tools that an answer may call, and whether it must call one. Immutable.
 *
 * @param tools the tools that may be called
 * @param required whether the answer must call one of them
 * @param function the name of the function that must be called; null for any
 */
public record ToolChoice(
    List<ChatCompletionTool> tools, boolean required, @Nullable String function) {
  private static final ToolChoice NOTHING = new ToolChoice(List.of(), false, null);

  /**
   * Returns the choice of a request.
   *
   * @throws InvalidRequestException naming what is wrong with the tools or the choice
   */
  public static ToolChoice of(CreateChatCompletionRequest request) {
    List<ChatCompletionTool> tools = request.tools() == null ? List.of() : request.tools();
    Object choice = request.toolChoice();
    if (tools.isEmpty()) {
      onlyWithTools("tool_choice", choice);
      onlyWithTools("parallel_tool_calls", request.parallelToolCalls());
      return NOTHING;
    }
    for (int i = 0; i < tools.size(); i++) {
      check("tools[" + i + "]", tools.get(i));
    }
    if ("none".equals(choice)) {
      return NOTHING;
    }
    if (choice instanceof Map<?, ?> object) {
      return ofObject(tools, object);
    }
    return new ToolChoice(tools, "required".equals(choice), null);
  }

  /** Returns the choice of a request; all of its tools if the choice is not valid. */
  public static ToolChoice leniently(CreateChatCompletionRequest request) {
    try {
      return of(request);
    } catch (InvalidRequestException e) {
      return request.tools() == null ? NOTHING : new ToolChoice(request.tools(), false, null);
    }
  }

  private static ToolChoice ofObject(List<ChatCompletionTool> tools, Map<?, ?> choice) {
    if ("allowed_tools".equals(choice.get("type"))) {
      return allowed(tools, choice.get("allowed_tools"));
    }
    if (!"function".equals(choice.get("type"))) {
      throw wrong("tool_choice.type", "unsupported_value", "this model calls functions only");
    }
    return new ToolChoice(tools, true, knownName(tools, choice));
  }

  private static ToolChoice allowed(List<ChatCompletionTool> tools, @Nullable Object allowed) {
    if (!(allowed instanceof Map<?, ?> object) || !(object.get("tools") instanceof List<?> list)) {
      throw wrong(
          "tool_choice.allowed_tools", "invalid_type", "expected an object with a list of tools");
    }
    Set<String> names = new HashSet<>();
    list.forEach(tool -> names.add(knownName(tools, tool)));
    List<ChatCompletionTool> chosen =
        tools.stream().filter(tool -> names.contains(tool.name())).toList();
    return new ToolChoice(chosen, "required".equals(object.get("mode")), null);
  }

  private static String knownName(List<ChatCompletionTool> tools, @Nullable Object choice) {
    if (choice instanceof Map<?, ?> object
        && object.get("function") instanceof Map<?, ?> function
        && function.get("name") instanceof String name) {
      if (tools.stream().anyMatch(tool -> tool.name().equals(name))) {
        return name;
      }
      throw wrong("tool_choice", "invalid_value", "no function of this name is among 'tools'");
    }
    throw wrong("tool_choice", "invalid_type", "expected the name of a function");
  }

  private static void check(String path, ChatCompletionTool tool) {
    if (!tool.type().equals("function")) {
      throw InvalidRequestException.badValue(
          path + ".type",
          "unsupported_value",
          "Invalid '%s.type': this model calls functions, not tools of type '%s'."
              .formatted(path, InvalidRequestException.shown(tool.type())));
    }
    String name = tool.name();
    if (name.isEmpty() || name.length() > 64 || !name.chars().allMatch(ToolChoice::inNames)) {
      throw InvalidRequestException.badValue(
          path + ".function.name",
          "invalid_value",
          "Invalid '%s.function.name': expected 1 to 64 letters, digits, '_' or '-'."
              .formatted(path));
    }
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
