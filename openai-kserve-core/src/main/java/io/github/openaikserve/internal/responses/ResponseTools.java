package io.github.openaikserve.internal.responses;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.read.HostedTools;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.responses.CreateResponseRequest;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.openai.responses.ResponseTool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The conversion of a request's tools to a chat's tools. Not thread-safe while it is built.
 *
 * <p>A function in a namespace is named {@code namespace__name}. Tools that OpenAI hosts are
 * dropped.
 */
final class ResponseTools {
  private static final String SEPARATOR = "__";

  /**
   * The client's name of a tool.
   *
   * @param namespace the namespace; null for none
   */
  record Named(@Nullable String namespace, String name) {}

  private final Map<String, Named> byFunction = new LinkedHashMap<>();
  private final List<ChatCompletionTool> functions = new ArrayList<>();

  /** The path of each function in the request. */
  private final List<String> paths = new ArrayList<>();

  private final Set<String> leftOut = new LinkedHashSet<>();
  private final boolean rejectsHosted;

  private ResponseTools(boolean rejectsHosted) {
    this.rejectsHosted = rejectsHosted;
  }

  /**
   * Returns the tools of a request.
   *
   * @param turn the items of the conversation, some of which may add tools
   * @param rejectsHosted whether to reject tools that OpenAI runs itself
   * @throws InvalidRequestException naming the invalid tool
   */
  static ResponseTools of(CreateResponseRequest request, Turn turn, boolean rejectsHosted) {
    var tools = new ResponseTools(rejectsHosted);
    List<ResponseTool> requested = request.tools();
    if (requested != null) {
      tools.addAll("tools", null, requested);
    }
    List<ResponseItem> items = turn.items();
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) instanceof ResponseItem.Other other
          && other.type().equals("additional_tools")) {
        tools.addAll(turn.path(i) + ".tools", null, nested(other.value()));
      }
    }
    return tools;
  }

  private void addAll(String path, @Nullable String namespace, List<ResponseTool> tools) {
    for (int i = 0; i < tools.size(); i++) {
      add("%s[%d]".formatted(path, i), namespace, tools.get(i));
    }
  }

  private void add(String path, @Nullable String namespace, ResponseTool tool) {
    switch (tool.type()) {
      case "function" -> {
        Map<String, @Nullable Object> definition = new LinkedHashMap<>(tool.definition());
        definition.keySet().retainAll(List.of("name", "description", "parameters", "strict"));
        definition.values().removeIf(value -> value == null);
        put(path, namespace, tool, definition);
      }
      case "custom" -> put(path, namespace, tool, custom(tool));
      case "namespace" -> addAll(path + ".tools", tool.name(), nested(tool.definition()));
      default -> leaveOut(path, tool.type());
    }
  }

  private void leaveOut(String path, String type) {
    if (!HostedTools.contain(type) || rejectsHosted) {
      throw InvalidRequestException.badValue(
          path + ".type",
          "unsupported_value",
          "Invalid '%s.type': tools of type '%s' do not run on this server. Use 'function', 'custom' or 'namespace'."
              .formatted(path, InvalidRequestException.shown(type)));
    }
    leftOut.add("tools." + type);
  }

  /** Returns the chat definition of a custom tool, with the grammar in an object. */
  private static Map<String, @Nullable Object> custom(ResponseTool tool) {
    Map<String, @Nullable Object> definition = new LinkedHashMap<>(tool.definition());
    definition.keySet().retainAll(List.of("name", "description", "format"));
    if (definition.get("format") instanceof Map<?, ?> format
        && "grammar".equals(format.get("type"))) {
      definition.put("format", Map.of("type", "grammar", "grammar", format));
    }
    definition.values().removeIf(value -> value == null);
    return definition;
  }

  private void put(
      String path,
      @Nullable String namespace,
      ResponseTool tool,
      Map<String, @Nullable Object> definition) {
    String function = function(namespace, tool.name());
    if (byFunction.putIfAbsent(function, new Named(namespace, tool.name())) != null) {
      throw InvalidRequestException.badValue(
          path + ".name",
          "invalid_value",
          "Invalid '%s.name': another tool has the name '%s'."
              .formatted(path, InvalidRequestException.shown(function)));
    }
    definition.put("name", function);
    functions.add(new ChatCompletionTool(tool.type(), definition));
    paths.add(path);
  }

  private static List<ResponseTool> nested(Map<String, @Nullable Object> definition) {
    List<ResponseTool> tools = new ArrayList<>();
    if (definition.get("tools") instanceof List<?> list) {
      for (Object element : list) {
        if (element instanceof Map<?, ?> tool) {
          Map<String, @Nullable Object> members = new LinkedHashMap<>();
          tool.forEach((name, value) -> members.put(String.valueOf(name), value));
          tools.add(new ResponseTool(String.valueOf(members.remove("type")), members));
        }
      }
    }
    return tools;
  }

  /** Returns the function name of a tool. */
  static String function(@Nullable String namespace, String name) {
    return namespace == null ? name : namespace + SEPARATOR + name;
  }

  /** Returns the tools as functions. */
  List<ChatCompletionTool> functions() {
    return functions;
  }

  /**
   * Returns the path of a function in the request; its path in the chat for an unknown function.
   */
  String path(int function) {
    return function < paths.size() ? paths.get(function) : "tools[%d]".formatted(function);
  }

  /** Returns the names of the tools that are left out, such as {@code tools.web_search}. */
  Set<String> leftOut() {
    return leftOut;
  }

  /** Returns the tool that a function represents. */
  Named tool(String function) {
    Named named = byFunction.get(function);
    return named == null ? new Named(null, function) : named;
  }

  /**
   * Returns the tool choice of a chat; null for none.
   *
   * @param choice the request's choice: a string or a JSON object
   * @throws InvalidRequestException if the choice names an unknown tool
   */
  @Nullable Object choice(@Nullable Object choice) {
    if (choice instanceof Map<?, ?> object) {
      return String.valueOf(object.get("type")).equals("allowed_tools")
          ? allowed(object)
          : chosen("tool_choice", object);
    }
    if (choice != null && !List.<Object>of("none", "auto", "required").contains(choice)) {
      throw InvalidRequestException.badValue(
          "tool_choice",
          "invalid_value",
          "Invalid value for 'tool_choice': expected 'none', 'auto', 'required' or an object.");
    }
    if (!functions.isEmpty()) {
      return choice;
    }
    if ("required".equals(choice)) {
      throw InvalidRequestException.badValue(
          "tool_choice",
          "invalid_value",
          "Invalid value for 'tool_choice': 'required' needs a tool in 'tools' that this server can"
              + " offer to the model.");
    }
    return null; // clients send "auto" without tools
  }

  private Map<String, Object> allowed(Map<?, ?> choice) {
    List<Map<String, Object>> tools = new ArrayList<>();
    if (choice.get("tools") instanceof List<?> list) {
      for (Object element : list) {
        if (element instanceof Map<?, ?> tool && !isLeftOut(tool)) {
          tools.add(chosen("tool_choice.tools", tool));
        }
      }
    }
    Object mode = choice.get("mode");
    return Map.of(
        "type",
        "allowed_tools",
        "allowed_tools",
        Map.of("mode", mode == null ? "auto" : mode, "tools", tools));
  }

  private boolean isLeftOut(Map<?, ?> tool) {
    return leftOut.contains("tools." + tool.get("type"));
  }

  private Map<String, Object> chosen(String path, Map<?, ?> choice) {
    String type = String.valueOf(choice.get("type"));
    if (!type.equals("function") && !type.equals("custom")) {
      throw InvalidRequestException.badValue(
          path,
          "unsupported_value",
          "Invalid value for '%s': tools of type '%s' do not run on this server."
              .formatted(path, InvalidRequestException.shown(type)));
    }
    Object namespace = choice.get("namespace");
    String name =
        function(
            namespace == null ? null : namespace.toString(), String.valueOf(choice.get("name")));
    if (!byFunction.containsKey(name)) {
      throw InvalidRequestException.badValue(
          path,
          "invalid_value",
          "Invalid value for '%s': 'tools' contains no tool with the name '%s'."
              .formatted(path, InvalidRequestException.shown(name)));
    }
    return Map.of("type", type, type, Map.of("name", name));
  }
}
