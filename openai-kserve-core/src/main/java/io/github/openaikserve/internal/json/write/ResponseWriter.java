package io.github.openaikserve.internal.json.write;

import io.github.openaikserve.internal.json.JsonWriter;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.responses.CreateResponseRequest;
import io.github.openaikserve.openai.responses.Response;
import io.github.openaikserve.openai.responses.ResponseError;
import io.github.openaikserve.openai.responses.ResponseTool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A writer of responses. A response repeats the fields of its request.
 *
 * <p>Source: OpenAI's schemas {@code Response} and {@code ResponseUsage}.
 */
public final class ResponseWriter {
  /** The repeated fields of tools, by the type of the tool. */
  private static final Map<String, List<String>> FIELDS =
      Map.of(
          "function", List.of("name", "description", "parameters", "strict"),
          "custom", List.of("name", "description", "format"),
          "namespace", List.of("name", "description", "tools"));

  private ResponseWriter() {}

  /** Writes a {@code response}. */
  public static byte[] write(Response response) {
    return JsonWriter.write(json -> write(json, response));
  }

  static void write(JsonWriter json, Response response) {
    ResponseError error = response.error();
    String incomplete = response.incompleteReason();
    json.field("id", response.id())
        .field("object", "response")
        .field("created_at", response.createdAt())
        .field("status", response.status().value())
        .field("completed_at", response.completedAt());
    if (error == null) {
      json.field("error", null);
    } else {
      json.object(
          "error", fields -> fields.field("code", error.code()).field("message", error.message()));
    }
    json.field("incomplete_details", incomplete == null ? null : Map.of("reason", incomplete))
        .field("model", response.model())
        .objects("output", response.output(), ResponseItemWriter::write);
    if (response.usage() != null) {
      usage(json, response.usage());
    }
    json.fields(repeated(response.request()));
  }

  static void usage(JsonWriter json, CompletionUsage usage) {
    json.object(
        "usage",
        fields ->
            fields
                .field("input_tokens", usage.promptTokens())
                .object("input_tokens_details", details -> inputDetails(details, usage))
                .field("output_tokens", usage.completionTokens())
                .field("output_tokens_details", Map.of("reasoning_tokens", usage.reasoningTokens()))
                .field("total_tokens", usage.totalTokens())
                .optional("estimated", usage.estimated() ? true : null));
  }

  private static void inputDetails(JsonWriter json, CompletionUsage usage) {
    json.field("cached_tokens", usage.cachedTokens() == null ? 0 : usage.cachedTokens())
        .field("cache_write_tokens", 0);
  }

  /** Returns the repeated fields of a request, with OpenAI's defaults. */
  private static Map<String, @Nullable Object> repeated(CreateResponseRequest request) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("background", Boolean.TRUE.equals(request.background()));
    json.put("instructions", request.instructions());
    json.put("max_output_tokens", request.maxOutputTokens());
    json.put("max_tool_calls", request.maxToolCalls());
    json.put("metadata", or(request.metadata(), Map.of()));
    json.put("parallel_tool_calls", or(request.parallelToolCalls(), true));
    json.put("previous_response_id", request.previousResponseId());
    if (request.conversation() != null) {
      json.put("conversation", Map.of("id", request.conversation()));
    }
    Map<String, @Nullable Object> reasoning = new LinkedHashMap<>();
    reasoning.put("effort", request.reasoningEffort());
    reasoning.put("summary", request.reasoningSummary());
    json.put("reasoning", reasoning);
    json.put("store", Boolean.TRUE.equals(request.store()));
    json.put("temperature", or(request.temperature(), 1.0));
    Map<String, @Nullable Object> text = new LinkedHashMap<>();
    text.put("format", or(request.textFormat(), Map.of("type", "text")));
    text.put("verbosity", or(request.verbosity(), "medium"));
    json.put("text", text);
    json.put("tool_choice", or(request.toolChoice(), "auto"));
    List<ResponseTool> tools = request.tools();
    json.put("tools", tools == null ? List.of() : tools(tools));
    json.put("top_logprobs", or(request.topLogprobs(), 0));
    json.put("top_p", or(request.topP(), 1.0));
    json.put("truncation", or(request.truncation(), "disabled"));
    json.put("service_tier", "default");
    for (String name : List.of("prompt_cache_key", "safety_identifier", "user")) {
      if (request.extra().get(name) != null) {
        json.put(name, request.extra().get(name));
      }
    }
    return json;
  }

  /** Returns the tools that were offered to the model, without hosted tools. */
  private static List<Map<String, @Nullable Object>> tools(List<ResponseTool> tools) {
    return tools.stream()
        .filter(tool -> FIELDS.containsKey(tool.type()))
        .map(ResponseWriter::tool)
        .toList();
  }

  /** Returns a tool with the fields that OpenAI's schema requires. */
  private static Map<String, @Nullable Object> tool(ResponseTool tool) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("type", tool.type());
    if (tool.type().equals("function")) {
      json.put("description", null);
      json.put("parameters", null);
      json.put("strict", true);
    } else if (tool.type().equals("namespace")) {
      json.put("description", "");
    }
    for (String name : FIELDS.getOrDefault(tool.type(), List.of())) {
      Object value = tool.definition().get(name);
      if (value != null) {
        json.put(name, name.equals("tools") ? nested((List<?>) value) : value);
      }
    }
    return json;
  }

  private static List<Map<String, @Nullable Object>> nested(List<?> tools) {
    return tools.stream()
        .filter(Map.class::isInstance)
        .map(tool -> nested((Map<?, ?>) tool))
        .toList();
  }

  private static Map<String, @Nullable Object> nested(Map<?, ?> tool) {
    Map<String, @Nullable Object> definition = new LinkedHashMap<>();
    tool.forEach((name, value) -> definition.put(String.valueOf(name), value));
    return tool(new ResponseTool(String.valueOf(definition.remove("type")), definition));
  }

  private static Object or(@Nullable Object value, Object byDefault) {
    return value == null ? byDefault : value;
  }
}
