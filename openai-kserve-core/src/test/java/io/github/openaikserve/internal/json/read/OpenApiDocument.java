package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The OpenAPI document: paths and answers from a file, requests from their readers, and words about
 * fields from the page of the API.
 */
final class OpenApiDocument {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path PAGE = Path.of("docs/API.md");
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z_]+)` \\| [a-z]+ \\| [a-z]+ \\| (.*?) ?\\|$", Pattern.MULTILINE);
  private static final Pattern LINK = Pattern.compile("\\[([^]]*)]\\([^)]*\\)");

  /** Values of each type that a field without a method in a request may have. */
  private static final Map<String, Object> SAMPLES = samples();

  private OpenApiDocument() {}

  private static Map<String, Object> samples() {
    Map<String, Object> samples = new LinkedHashMap<>();
    samples.put("string", "text");
    samples.put("boolean", true);
    samples.put("number", 0.5);
    samples.put("integer", 1);
    samples.put("array", List.of(1));
    samples.put("object", Map.of("text", 1));
    return samples;
  }

  /** Returns the document as it has to be. */
  static ObjectNode generate() throws IOException {
    ObjectNode document;
    try (InputStream base = OpenApiDocument.class.getResourceAsStream("/openapi/base.json")) {
      document = (ObjectNode) JSON.readTree(Objects.requireNonNull(base));
    }
    ObjectNode schemas = (ObjectNode) document.at("/components/schemas");
    String page = Files.readString(PAGE);
    schemas.set(
        "CreateChatCompletionRequest",
        described(
            extended(
                RequestSchema.of(
                    GenerationRequestReader::chat, names(GenerationRequestReader.CHAT_KEPT)),
                RequestKind.CHAT),
            section(page, "## POST /v1/chat/completions")));
    schemas.set(
        "CreateCompletionRequest",
        described(
            extended(
                RequestSchema.of(
                    GenerationRequestReader::completion,
                    names(GenerationRequestReader.COMPLETION_KEPT)),
                RequestKind.COMPLETION),
            section(page, "## POST /v1/completions")));
    schemas.set(
        "CreateEmbeddingRequest",
        described(
            RequestSchema.of(
                EncoderRequestReader::embedding, names(EncoderRequestReader.EMBEDDING_KEPT)),
            section(page, "## POST /v1/embeddings")));
    schemas.set(
        "CreateResponseRequest",
        RequestSchema.of(ResponseRequestReader::read, names(ResponseRequestReader.KEPT)));
    schemas.set(
        "CreateMessageRequest",
        RequestSchema.of(MessageRequestReader::read, names(MessageRequestReader.KEPT)));
    add(schemas, "CreateConversationRequest", ConversationBody::read);
    add(schemas, "DetokenizeRequest", DetokenizeRequest::read);
    add(schemas, "CreateSpeechRequest", SpeechBody::read);
    add(schemas, "CreateDecisionRequest", DecisionRequestReader::read);
    add(schemas, "RerankRequest", EncoderRequestReader::rerank);
    add(schemas, "ScoreRequest", EncoderRequestReader::score);
    add(schemas, "ClassifyRequest", EncoderRequestReader::classify);
    add(schemas, "CreateModerationRequest", EncoderRequestReader::moderation);
    addReferences(schemas);
    return document;
  }

  /** Adds OpenAI's short form of a reference to an item, which has an id and no type. */
  private static void addReferences(JsonNode schema) {
    schema.forEach(OpenApiDocument::addReferences);
    if (schema.path("anyOf") instanceof ArrayNode kinds) {
      for (JsonNode kind : kinds) {
        if (kind.at("/properties/type/const").asText().equals("item_reference")) {
          ObjectNode reference = kinds.addObject().put("type", "object");
          reference.putObject("properties").putObject("id").put("type", "string");
          reference.putArray("required").add("id");
          return;
        }
      }
    }
  }

  private static void add(ObjectNode schemas, String name, Consumer<JsonObject> reader) {
    schemas.set(name, RequestSchema.of(reader, Set.of()));
  }

  private static Set<String> names(Map<String, ?> fields) {
    return fields.keySet().stream().sorted().collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Adds the fields of other APIs that a model server may take. */
  private static ObjectNode extended(ObjectNode schema, RequestKind kind) {
    ObjectNode properties = (ObjectNode) schema.get("properties");
    Arrays.stream(RequestField.values())
        .filter(field -> field.kinds().contains(kind))
        .flatMap(field -> field.jsonNames().stream())
        .filter(name -> !properties.has(name))
        .forEach(name -> properties.set(name, otherField(name)));
    return schema;
  }

  private static ObjectNode otherField(String name) {
    ObjectNode schema = JSON.createObjectNode();
    List<String> types =
        SAMPLES.entrySet().stream()
            .filter(sample -> isDefault(name, sample.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    if (types.contains("number")) {
      schema.put("type", "number");
    } else if (types.size() == 1) {
      schema.put("type", types.get(0));
    }
    return schema;
  }

  private static boolean isDefault(String name, Object value) {
    try {
      OpenAiKServe.builder().model("m", model -> model.defaultParameter(name, value));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String section(String page, String heading) {
    int begin = page.indexOf(heading + "\n");
    return page.substring(begin, page.indexOf("\n## ", begin + 1));
  }

  /** Adds what the page says of each field. */
  private static ObjectNode described(ObjectNode schema, String section) {
    ROW.matcher(section)
        .results()
        .forEach(
            row -> {
              if (schema.path("properties").path(row.group(1)) instanceof ObjectNode field
                  && !row.group(2).isBlank()) {
                field.put("description", LINK.matcher(row.group(2)).replaceAll("$1"));
              }
            });
    return schema;
  }
}
