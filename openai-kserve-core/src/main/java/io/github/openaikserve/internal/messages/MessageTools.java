package io.github.openaikserve.internal.messages;

import io.github.openaikserve.anthropic.CreateMessageRequest;
import io.github.openaikserve.anthropic.MessageTool;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The conversion of a request's tools to a chat's functions. Not thread-safe. */
final class MessageTools {
  /** The fields of a tool that have a meaning but no counterpart in a function. */
  private static final List<String> NOT_OFFERED = List.of("input_examples");

  private static final int MAX_NAME = 128;

  /** The maximum length of a function name in a chat. */
  private static final int MAX_FUNCTION = 64;

  /** The length of a hash suffix: an underscore and the digits. */
  private static final int HASH = 9;

  private final Map<String, String> byFunction = new LinkedHashMap<>();
  private final List<ChatCompletionTool> functions = new ArrayList<>();
  private final Set<String> leftOut = new LinkedHashSet<>();
  private final @Nullable Map<String, @Nullable Object> choice;

  private MessageTools(@Nullable Map<String, @Nullable Object> choice) {
    this.choice = choice;
  }

  /**
   * Returns the tools of a request.
   *
   * @param rejectsHosted whether tools that Anthropic hosts are rejected
   * @throws InvalidRequestException naming the invalid tool
   */
  static MessageTools of(CreateMessageRequest request, boolean rejectsHosted) {
    var tools = new MessageTools(request.toolChoice());
    List<MessageTool> requested = request.tools();
    for (int i = 0; i < requested.size(); i++) {
      MessageTool tool = requested.get(i);
      if (tool.type().equals(MessageTool.CUSTOM)) {
        tools.add("tools[%d]".formatted(i), tool);
      } else if (rejectsHosted) {
        throw InvalidRequestException.badValue(
            "tools[%d].type".formatted(i),
            "unsupported_value",
            "Invalid 'tools[%d].type': tools of type '%s' do not run on this server. Use a tool with 'input_schema'."
                .formatted(i, InvalidRequestException.shown(tool.type())));
      } else {
        tools.leftOut.add("tools." + tool.type());
      }
    }
    return tools;
  }

  private void add(String path, MessageTool tool) {
    String name = tool.name();
    if (name.length() > MAX_NAME) {
      throw wrongName(path, "expected at most %d characters".formatted(MAX_NAME));
    }
    String function = function(name);
    if (byFunction.putIfAbsent(function, name) != null) {
      throw wrongName(
          path, "another tool has the name '%s'".formatted(InvalidRequestException.shown(name)));
    }
    Map<String, @Nullable Object> definition = new LinkedHashMap<>();
    definition.put("name", function);
    put(definition, "description", tool.definition().get("description"));
    put(definition, "parameters", tool.definition().get("input_schema"));
    put(definition, "strict", tool.definition().get("strict"));
    functions.add(new ChatCompletionTool("function", definition));
    NOT_OFFERED.stream()
        .filter(field -> tool.definition().get(field) != null)
        .forEach(field -> leftOut.add("tools." + field));
  }

  private static void put(
      Map<String, @Nullable Object> definition, String name, @Nullable Object value) {
    if (value != null) {
      definition.put(name, value);
    }
  }

  private static InvalidRequestException wrongName(String path, String why) {
    return InvalidRequestException.badValue(
        path + ".name", "invalid_value", "Invalid '%s.name': %s.".formatted(path, why));
  }

  /** Returns the function name of a tool. Long names are shortened. */
  static String function(String name) {
    return name.length() <= MAX_FUNCTION
        ? name
        : "%s_%08x".formatted(name.substring(0, MAX_FUNCTION - HASH), name.hashCode());
  }

  /** Returns the name of the tool that a function represents. */
  String name(String function) {
    return byFunction.getOrDefault(function, function);
  }

  /** Returns the tools as functions. */
  List<ChatCompletionTool> functions() {
    return functions;
  }

  /** Returns the names of dropped tools and fields, such as {@code tools.web_search_20250305}. */
  Set<String> leftOut() {
    return leftOut;
  }

  /**
   * Returns the tool choice of a chat; null for none.
   *
   * @throws InvalidRequestException if the choice names an unknown tool
   */
  @Nullable Object choice() {
    if (choice == null) {
      return null;
    }
    String type = String.valueOf(choice.get("type"));
    boolean required = type.equals("any") || type.equals("tool");
    if (!required && !type.equals("auto") && !type.equals("none")) {
      throw wrongChoice("type", "expected 'auto', 'any', 'tool' or 'none'");
    }
    if (functions.isEmpty()) {
      if (required) {
        throw wrongChoice("type", "'%s' needs a tool that this server can offer".formatted(type));
      }
      return null;
    }
    return switch (type) {
      case "any" -> "required";
      case "tool" -> named(String.valueOf(choice.get("name")));
      default -> type;
    };
  }

  private Map<String, Object> named(String name) {
    String function = function(name);
    if (!byFunction.containsKey(function)) {
      throw wrongChoice(
          "name",
          "'tools' contains no tool with the name '%s'"
              .formatted(InvalidRequestException.shown(name)));
    }
    return Map.of("type", "function", "function", Map.of("name", function));
  }

  private static InvalidRequestException wrongChoice(String field, String why) {
    return InvalidRequestException.badValue(
        "tool_choice." + field,
        "invalid_value",
        "Invalid 'tool_choice.%s': %s.".formatted(field, why));
  }

  /**
   * Returns whether the model may call several tools in one answer; null to let the model choose.
   */
  @Nullable Boolean parallel() {
    boolean disabled =
        choice != null
            && !functions.isEmpty()
            && Boolean.TRUE.equals(choice.get("disable_parallel_tool_use"));
    return disabled ? Boolean.FALSE : null;
  }
}
