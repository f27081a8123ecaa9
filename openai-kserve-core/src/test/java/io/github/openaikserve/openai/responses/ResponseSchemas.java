package io.github.openaikserve.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** OpenAI's schemas of the Responses API. */
public final class ResponseSchemas {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode ALL = load();
  private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

  /** The code that Codex reads, which the schema of errors does not list. */
  private static final List<String> OWN_CODES = List.of("context_length_exceeded");

  private ResponseSchemas() {}

  /** Returns what is wrong with a value, by the schema of this name. */
  public static List<String> problems(String name, JsonNode value) {
    return SCHEMAS.computeIfAbsent(name, ResponseSchemas::schema).validate(value).stream()
        .map(Error::toString)
        .toList();
  }

  /**
   * Returns what is wrong with an answer that is not an event; empty if it is of another API.
   *
   * <p>The schemas have no conversations; their fields are those of OpenAI's API reference.
   */
  public static Optional<List<String>> answerProblems(JsonNode answer) {
    String object = answer.path("object").asText();
    if (object.equals("list") && answer.has("first_id")) {
      return Optional.of(problems("ResponseItemList", answer));
    }
    if (!answer.has("object") && answer.has("type")) {
      return Optional.of(problems("ItemResource", answer));
    }
    if (answer.has("deleted")) {
      return Optional.of(fields(answer, "id", "object", "deleted"));
    }
    return switch (object) {
      case "response" -> Optional.of(problems("Response", answer));
      case "conversation" -> Optional.of(fields(answer, "id", "object", "created_at", "metadata"));
      default -> Optional.empty();
    };
  }

  private static List<String> fields(JsonNode answer, String... names) {
    List<String> present = new ArrayList<>();
    answer.fieldNames().forEachRemaining(present::add);
    return present.equals(List.of(names)) ? List.of() : List.of("has the fields " + present);
  }

  /** Returns what is wrong with an event, by the schema of its type. */
  public static List<String> eventProblems(JsonNode event) {
    String type = event.path("type").asText();
    ObjectNode checked = event.deepCopy();
    JsonNode error = checked.at("/response/error");
    if (OWN_CODES.contains(error.path("code").asText())) {
      ((ObjectNode) error).put("code", "server_error");
    }
    return problems(eventSchema(type), checked);
  }

  private static String eventSchema(String type) {
    for (Map.Entry<String, JsonNode> schema : ALL.at("/components/schemas").properties()) {
      JsonNode types = schema.getValue().at("/properties/type/enum");
      if (schema.getKey().endsWith("Event") && types.path(0).asText().equals(type)) {
        return schema.getKey();
      }
    }
    throw new IllegalArgumentException("no schema for " + type);
  }

  private static Schema schema(String name) {
    ObjectNode root = JSON.createObjectNode();
    root.put("$ref", "#/components/schemas/" + name);
    root.set("components", ALL.get("components"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(root);
  }

  private static JsonNode load() {
    try (InputStream in =
        ResponseSchemas.class.getResourceAsStream("/openai/responses/schemas.json")) {
      return JSON.readTree(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
