package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.github.openaikserve.openai.responses.CreateResponseRequest;
import io.github.openaikserve.openai.responses.ResponseInput;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.openai.responses.ResponseTool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reader of requests for responses. */
final class ResponseRequestReader {
  /** OpenAI's fields without a method in the request, kept as extra fields. */
  private static final Map<String, JsonNodeType> KEPT =
      Map.of(
          "user", JsonNodeType.STRING,
          "safety_identifier", JsonNodeType.STRING,
          "prompt_cache_key", JsonNodeType.STRING,
          "prompt_cache_retention", JsonNodeType.STRING,
          "service_tier", JsonNodeType.STRING,
          "stream_options", JsonNodeType.OBJECT,
          "prompt", JsonNodeType.OBJECT,
          "context_management", JsonNodeType.ARRAY,
          "client_metadata", JsonNodeType.OBJECT);

  private ResponseRequestReader() {}

  static CreateResponseRequest read(JsonObject json) {
    CreateResponseRequest.Builder request = fields(json).input(input(json));
    json.rest(KEPT).forEach(request::extra);
    return request.build();
  }

  /** Reads the fields that a response repeats. */
  static CreateResponseRequest.Builder fields(JsonObject json) {
    var request = CreateResponseRequest.builder();
    request
        .model(json.text("model"))
        .instructions(json.text("instructions"))
        .maxOutputTokens(json.integer("max_output_tokens"))
        .maxToolCalls(json.integer("max_tool_calls"))
        .temperature(json.decimal("temperature"))
        .topP(json.decimal("top_p"))
        .topLogprobs(json.integer("top_logprobs"))
        .tools(json.objects("tools", ResponseRequestReader::tool))
        .toolChoice(toolChoice(json))
        .parallelToolCalls(json.bool("parallel_tool_calls"))
        .include(texts(json, "include"))
        .truncation(json.text("truncation"))
        .metadata(metadata(json))
        .store(json.bool("store"))
        .background(json.bool("background"))
        .previousResponseId(json.text("previous_response_id"))
        .conversation(conversation(json))
        .stream(json.bool("stream"));
    JsonObject reasoning = json.object("reasoning");
    if (reasoning != null) {
      String summary = reasoning.text("summary");
      request
          .reasoningEffort(reasoning.text("effort"))
          .reasoningSummary(summary == null ? reasoning.text("generate_summary") : summary);
    }
    JsonObject text = json.object("text");
    if (text != null) {
      request.textFormat(format(text)).verbosity(text.text("verbosity"));
    }
    return request;
  }

  private static @Nullable ResponseInput input(JsonObject json) {
    JsonNode input = json.node("input");
    if (input == null) {
      return null;
    }
    if (input.isTextual()) {
      return ResponseInput.of(input.textValue());
    }
    if (!input.isArray()) {
      throw json.wrongType("input", "one of a string or array of objects", input);
    }
    List<ResponseItem> items = json.objects("input", ResponseItemReader::read);
    return items == null ? null : ResponseInput.of(items);
  }

  private static @Nullable Map<String, @Nullable Object> format(JsonObject text) {
    JsonObject format = text.object("format");
    if (format == null) {
      return null;
    }
    if (format.requiredText("type").equals("json_schema")) {
      format.requiredText("name");
      format.requiredObject("schema");
    }
    return format.plain();
  }

  static ResponseTool tool(JsonObject json) {
    String type = json.requiredText("type");
    switch (type) {
      case "function", "custom" -> json.requiredText("name");
      case "namespace" -> {
        json.requiredText("name");
        if (json.objects("tools", ResponseRequestReader::tool) == null) {
          throw json.missing("tools");
        }
      }
      default -> {} // a hosted tool: its fields are its own
    }
    Map<String, @Nullable Object> definition = new LinkedHashMap<>(json.plain());
    definition.remove("type");
    return new ResponseTool(type, definition);
  }

  private static @Nullable Object toolChoice(JsonObject json) {
    JsonNode choice = json.node("tool_choice");
    if (choice == null) {
      return null;
    }
    if (choice.isTextual()) {
      List<String> words = List.of("none", "auto", "required");
      if (!words.contains(choice.textValue())) {
        throw json.unknownValue("tool_choice", choice.textValue(), words);
      }
      return choice.textValue();
    }
    if (!choice.isObject()) {
      throw json.wrongType("tool_choice", "one of a string or object", choice);
    }
    JsonObject object = json.object("tool_choice");
    if (object == null) {
      return null;
    }
    object.requiredText("type");
    return object.plain();
  }

  private static @Nullable List<String> texts(JsonObject json, String name) {
    JsonNode array = json.node(name);
    if (array == null) {
      return null;
    }
    if (!array.isArray()) {
      throw json.wrongType(name, "an array of strings", array);
    }
    return json.texts(name, array);
  }

  static @Nullable Map<String, String> metadata(JsonObject json) {
    JsonObject metadata = json.object("metadata");
    if (metadata == null) {
      return null;
    }
    Map<String, String> entries = new LinkedHashMap<>();
    for (String name : metadata.names()) {
      String value = metadata.text(name);
      if (value != null) {
        entries.put(name, value);
      }
    }
    return entries;
  }

  private static @Nullable String conversation(JsonObject json) {
    JsonNode conversation = json.node("conversation");
    if (conversation == null || conversation.isTextual()) {
      return conversation == null ? null : conversation.textValue();
    }
    JsonObject object = json.object("conversation");
    return object == null ? null : object.requiredText("id");
  }
}
