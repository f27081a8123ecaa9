package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.github.openaikserve.anthropic.CreateMessageRequest;
import io.github.openaikserve.anthropic.MessageTool;
import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reader of requests of Anthropic's Messages API. */
final class MessageRequestReader {
  private static final List<String> THINKING =
      List.of("enabled", "disabled", "adaptive", "between_tools");
  private static final List<String> CHOICES = List.of("auto", "any", "tool", "none");

  /** Anthropic's fields without an accessor, kept as extra fields. */
  static final Map<String, JsonNodeType> KEPT =
      Map.of(
          "cache_control", JsonNodeType.OBJECT,
          "service_tier", JsonNodeType.STRING,
          "inference_geo", JsonNodeType.STRING,
          "speed", JsonNodeType.STRING,
          "context_management", JsonNodeType.OBJECT,
          "mcp_servers", JsonNodeType.ARRAY,
          "diagnostics", JsonNodeType.OBJECT);

  private MessageRequestReader() {}

  static CreateMessageRequest read(JsonObject json) {
    var request = CreateMessageRequest.builder();
    request
        .model(json.text("model"))
        .messages(json.objects("messages", MessageBlockReader::message))
        .system(system(json))
        .maxTokens(json.integer("max_tokens"))
        .temperature(json.decimal("temperature"))
        .topP(json.decimal("top_p"))
        .topK(json.integer("top_k"))
        .stopSequences(json.texts("stop_sequences"))
        .tools(json.objects("tools", MessageRequestReader::tool))
        .stream(json.bool("stream"));
    toolChoice(json, request);
    thinking(json, request);
    JsonObject metadata = json.object("metadata");
    if (metadata != null) {
      request.userId(metadata.text("user_id"));
      keepRest(metadata, "metadata", request);
    }
    output(json, request);
    json.rest(KEPT).forEach(request::extra);
    return request.build();
  }

  private static @Nullable List<String> system(JsonObject json) {
    return json.<String, List<String>>textOrObjects(
        "system",
        List::of,
        block -> {
          block.requiredWord("type", List.of("text"));
          return block.requiredText("text");
        },
        texts -> texts);
  }

  /** Reads a tool. The fields of tools that Anthropic defines are not checked. */
  private static MessageTool tool(JsonObject json) {
    String type = json.text("type");
    if (type == null || type.equals(MessageTool.CUSTOM)) {
      json.requiredText("name");
      json.text("description");
      json.requiredObject("input_schema");
      json.bool("strict");
    }
    Map<String, @Nullable Object> definition = new LinkedHashMap<>(json.plain());
    definition.remove("type");
    return new MessageTool(type == null ? MessageTool.CUSTOM : type, definition);
  }

  private static void toolChoice(JsonObject json, CreateMessageRequest.Builder request) {
    JsonObject choice = json.object("tool_choice");
    if (choice == null) {
      return;
    }
    if (choice.requiredWord("type", CHOICES).equals("tool")) {
      choice.requiredText("name");
    }
    choice.bool("disable_parallel_tool_use");
    request.toolChoice(choice.plain());
    keepRest(choice, "tool_choice", request);
  }

  private static void thinking(JsonObject json, CreateMessageRequest.Builder request) {
    JsonObject thinking = json.object("thinking");
    if (thinking == null) {
      return;
    }
    String type = thinking.requiredWord("type", THINKING);
    if (thinking.integer("budget_tokens") == null && type.equals("enabled")) {
      throw thinking.missing("budget_tokens");
    }
    thinking.word("display", List.of("summarized", "omitted"));
    request.thinking(thinking.plain());
    keepRest(thinking, "thinking", request);
  }

  /** Keeps unused fields as extra fields, which the answer lists as dropped. */
  private static void keepRest(JsonObject json, String path, CreateMessageRequest.Builder request) {
    json.rest().forEach((name, value) -> request.extra(path + "." + name, value));
  }

  /** Reads the output settings, including the format under its older name. */
  private static void output(JsonObject json, CreateMessageRequest.Builder request) {
    request.outputFormat(format(json, "output_format"));
    JsonObject config = json.object("output_config");
    if (config == null) {
      return;
    }
    request.effort(config.word("effort", FieldChecks.EFFORTS));
    Map<String, @Nullable Object> format = format(config, "format");
    if (format != null) {
      request.outputFormat(format);
    }
    keepRest(config, "output_config", request);
  }

  private static @Nullable Map<String, @Nullable Object> format(JsonObject json, String name) {
    JsonObject format = json.object(name);
    if (format == null) {
      return null;
    }
    format.requiredWord("type", List.of("json_schema"));
    format.requiredObject("schema");
    return format.plain();
  }
}
