package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.github.openaikserve.openai.responses.CreateResponseRequest;
import io.github.openaikserve.openai.responses.ResponseInput;
import io.github.openaikserve.openai.responses.ResponseItem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reader of requests of the Responses API. */
final class ResponseRequestReader {
  private static final List<String> FORMATS = List.of("text", "json_object", "json_schema");
  private static final List<String> SUMMARIES = List.of("auto", "concise", "detailed");
  private static final List<String> EFFORTS =
      List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

  /** OpenAI's fields without an accessor, kept as extra fields. */
  static final Map<String, JsonNodeType> KEPT =
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

  /** Reads the fields that are repeated in the response. */
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
        .tools(json.objects("tools", ResponseToolReader::tool))
        .toolChoice(ResponseToolReader.choice(json))
        .parallelToolCalls(json.bool("parallel_tool_calls"))
        .include(texts(json, "include"))
        .truncation(json.word("truncation", List.of("auto", "disabled")))
        .metadata(metadata(json))
        .store(json.bool("store"))
        .background(json.bool("background"))
        .previousResponseId(json.text("previous_response_id"))
        .conversation(conversation(json))
        .stream(json.bool("stream"));
    JsonObject reasoning = json.object("reasoning");
    if (reasoning != null) {
      String summary = reasoning.word("summary", SUMMARIES);
      request
          .reasoningEffort(reasoning.word("effort", EFFORTS))
          .reasoningSummary(
              summary == null ? reasoning.word("generate_summary", SUMMARIES) : summary);
    }
    JsonObject text = json.object("text");
    if (text != null) {
      request
          .textFormat(format(text))
          .verbosity(text.word("verbosity", List.of("low", "medium", "high")));
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
    if (format.requiredWord("type", FORMATS).equals("json_schema")) {
      format.requiredText("name");
      format.requiredObject("schema");
      format.text("description");
      format.bool("strict");
    }
    Map<String, @Nullable Object> given = new LinkedHashMap<>(format.plain());
    given.values().removeIf(value -> value == null);
    return given;
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
