package io.github.openaikserve.anthropic;

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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Schemas of the answers and events of Anthropic's Messages API, as its reference and the types of
 * its SDKs document them.
 */
public final class MessageSchemas {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode ALL = load();
  private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

  private MessageSchemas() {}

  /** Returns what is wrong with an answer, or with an event of a stream. */
  public static List<String> problems(JsonNode answer) {
    return SCHEMAS.computeIfAbsent(name(answer), MessageSchemas::schema).validate(answer).stream()
        .map(Error::toString)
        .toList();
  }

  private static String name(JsonNode answer) {
    if (answer.has("type")) {
      return answer.get("type").asText();
    }
    return answer.has("data") ? "models" : "count_tokens";
  }

  private static Schema schema(String name) {
    if (!ALL.get("$defs").has(name)) {
      throw new IllegalArgumentException("no schema for " + name);
    }
    ObjectNode root = JSON.createObjectNode();
    root.put("$ref", "#/$defs/" + name);
    root.set("$defs", ALL.get("$defs"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(root);
  }

  private static JsonNode load() {
    try (InputStream in = MessageSchemas.class.getResourceAsStream("/anthropic/schemas.json")) {
      return JSON.readTree(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
