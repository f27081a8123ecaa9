package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.github.openaikserve.internal.fields.FieldChecks;
import io.github.openaikserve.internal.fields.KeptFieldChecks;
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

  /** OpenAI's fields without an accessor, kept as extra fields. */
  static final Map<String, JsonNodeType> KEPT =
      Map.of(
          "user", JsonNodeType.STRING,
          "safety_identifier", JsonNodeType.STRING,
          "prompt_cache_key", JsonNodeType.STRING,
          "prompt_cache_retention", JsonNodeType.STRING,
          "prompt_cache_options", JsonNodeType.OBJECT,
          "service_tier", JsonNodeType.STRING,
          "stream_options", JsonNodeType.OBJECT,
          "prompt", JsonNodeType.OBJECT,
          "context_management", JsonNodeType.ARRAY,
          "client_metadata", JsonNodeType.OBJECT);

  private ResponseRequestReader() {}

  static CreateResponseRequest read(JsonObject json) {
    CreateResponseRequest.Builder request = fields(json).input(input(json));
    json.rest(KEPT).forEach(request::extra);
    KeptFields.check(json, KeptFieldChecks.RESPONSE_TIERS);
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
        .include(json.words("include", FieldChecks.INCLUDES))
        .truncation(json.word("truncation", FieldChecks.TRUNCATIONS))
        .metadata(KeptFields.metadata(json))
        .store(json.bool("store"))
        .background(json.bool("background"))
        .previousResponseId(json.text("previous_response_id"))
        .conversation(conversation(json))
        .stream(json.bool("stream"));
    JsonObject reasoning = json.object("reasoning");
    if (reasoning != null) {
      String summary = reasoning.word("summary", FieldChecks.SUMMARIES);
      String older = reasoning.word("generate_summary", FieldChecks.SUMMARIES);
      request
          .reasoningEffort(reasoning.word("effort", FieldChecks.EFFORTS))
          .reasoningSummary(summary == null ? older : summary);
      reasoning.word("mode", List.of("standard", "pro"));
      reasoning.word("context", List.of("auto", "current_turn", "all_turns"));
      rest(request, "reasoning", reasoning, List.of("effort", "summary", "generate_summary"));
    }
    JsonObject text = json.object("text");
    if (text != null) {
      request.textFormat(format(text)).verbosity(text.word("verbosity", FieldChecks.VERBOSITIES));
      rest(request, "text", text, List.of("format", "verbosity"));
    }
    return request;
  }

  /** Keeps the members of an object for which the request has no method. */
  private static void rest(
      CreateResponseRequest.Builder request, String name, JsonObject object, List<String> known) {
    Map<String, @Nullable Object> rest = new LinkedHashMap<>(object.plain());
    rest.keySet().removeAll(known);
    if (!rest.isEmpty()) {
      request.extra(name, rest);
    }
  }

  private static @Nullable ResponseInput input(JsonObject json) {
    return json.<ResponseItem, ResponseInput>textOrObjects(
        "input", ResponseInput::of, ResponseItemReader::read, ResponseInput::of);
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

  private static @Nullable String conversation(JsonObject json) {
    JsonNode conversation = json.node("conversation");
    if (conversation == null || conversation.isTextual()) {
      return conversation == null ? null : conversation.textValue();
    }
    JsonObject object = json.object("conversation");
    return object == null ? null : object.requiredText("id");
  }
}
