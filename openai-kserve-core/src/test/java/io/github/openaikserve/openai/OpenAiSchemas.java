package io.github.openaikserve.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** OpenAI's own schemas of its answers, and the names of its request fields. */
public final class OpenAiSchemas {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode ALL = load();
  private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();
  private static final Map<String, String> BY_OBJECT =
      Map.of(
          "chat.completion", "CreateChatCompletionResponse",
          "chat.completion.chunk", "CreateChatCompletionStreamResponse",
          "text_completion", "CreateCompletionResponse",
          "model", "Model");

  private OpenAiSchemas() {}

  /** The names of a request's fields. */
  public static List<String> requestFields(String request) {
    List<String> names = new ArrayList<>();
    ALL.at("/requestFields/" + request).forEach(name -> names.add(name.asText()));
    return names;
  }

  /**
   * What is wrong with an answer, a chunk or an error, by the schema that its {@code object} names.
   *
   * @param streamed whether it is an event of a stream
   */
  public static List<String> problems(JsonNode answer, boolean streamed) {
    String name = name(answer);
    // OpenAI has one schema for both, which knows nothing of pieces without a finish reason.
    JsonNode checked =
        streamed && name.equals("CreateCompletionResponse")
            ? finished(answer)
            : withFunctions(decoded(answer), streamed);
    return problems(name, checked);
  }

  /** What is wrong with an answer or an event by a schema. */
  public static List<String> problems(String name, JsonNode answer) {
    return SCHEMAS.computeIfAbsent(name, OpenAiSchemas::schema).validate(answer).stream()
        .map(Error::toString)
        .toList();
  }

  private static String name(JsonNode answer) {
    if (answer.has("error")) {
      return "ErrorResponse";
    }
    String object = answer.path("object").asText();
    if (object.equals("list")) {
      return "embedding".equals(answer.at("/data/0/object").asText())
          ? "CreateEmbeddingResponse"
          : "ListModelsResponse";
    }
    return Objects.requireNonNull(BY_OBJECT.get(object), () -> "no schema for " + answer);
  }

  /** The schema knows nothing of the base64 that it lets a request ask for. */
  private static JsonNode decoded(JsonNode answer) {
    JsonNode copy = answer.deepCopy();
    copy.path("data")
        .forEach(
            item -> {
              if (item.path("embedding").isTextual()) {
                byte[] bytes = Base64.getDecoder().decode(item.get("embedding").textValue());
                ArrayNode numbers = ((ObjectNode) item).putArray("embedding");
                FloatBuffer vector =
                    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
                while (vector.hasRemaining()) {
                  numbers.add(vector.get());
                }
              }
            });
    return copy;
  }

  /** The schema of chunks does not have calls of custom tools, which answers have. */
  private static JsonNode withFunctions(JsonNode answer, boolean streamed) {
    if (streamed) {
      for (JsonNode call : answer.at("/choices/0/delta/tool_calls")) {
        JsonNode custom = ((ObjectNode) call).remove("custom");
        if (custom != null) {
          ((ObjectNode) call)
              .put("type", "function")
              .putObject("function")
              .put("name", custom.path("name").asText())
              .put("arguments", custom.path("input").asText());
        }
      }
    }
    return answer;
  }

  private static JsonNode finished(JsonNode piece) {
    JsonNode copy = piece.deepCopy();
    copy.path("choices")
        .forEach(
            choice -> {
              if (choice.path("finish_reason").isNull()) {
                ((ObjectNode) choice).put("finish_reason", "stop");
              }
            });
    if (copy.path("usage").isNull()) {
      ((ObjectNode) copy).remove("usage");
    }
    return copy;
  }

  private static Schema schema(String name) {
    ObjectNode root = JSON.createObjectNode();
    root.put("$ref", "#/$defs/" + name);
    root.set("$defs", ALL.get("$defs"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(root);
  }

  private static JsonNode load() {
    try (InputStream in = OpenAiSchemas.class.getResourceAsStream("/openai/schemas.json")) {
      return JSON.readTree(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
