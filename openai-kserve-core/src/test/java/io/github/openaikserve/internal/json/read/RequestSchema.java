package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.openaikserve.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The JSON schema of what a reader of requests accepts, found out from the reader itself: it reads
 * samples of each type at each place, and its refusals and the names that it asks for tell the
 * rest. So the schema cannot differ from the reader.
 */
final class RequestSchema {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern BOUND = Pattern.compile("Expected a value ([<>]=) (-?\\d+)[.,]");
  private static final Pattern WORDS = Pattern.compile("Supported values are: (.*)\\.$");
  private static final Pattern WORD = Pattern.compile("'([^']*)'");

  /** Not a word of any field. */
  private static final String SAMPLE = "a sample";

  private static final long LARGE = 1L << 40;
  private static final int MAX_DEPTH = 12;

  /** The fields by which an object says which kind it is. */
  private static final List<String> DISCRIMINATORS = List.of("type", "role");

  private final Consumer<JsonObject> reader;

  private RequestSchema(Consumer<JsonObject> reader) {
    this.reader = reader;
  }

  /**
   * Returns the schema of the requests that a reader accepts.
   *
   * @param names fields that the reader takes without asking for them by name
   */
  static ObjectNode of(Consumer<JsonObject> reader, Set<String> names) {
    return new RequestSchema(reader).object("", root -> root, names, 0);
  }

  /** What became of a sample. */
  private record Outcome(@Nullable InvalidRequestException error, Map<String, Set<String>> asked) {
    boolean isWrongType(String path) {
      return error != null && "invalid_type".equals(error.code()) && path.equals(error.param());
    }

    boolean has(String code) {
      return error != null && code.equals(error.code());
    }

    String message() {
      return error == null ? "" : String.valueOf(error.getMessage());
    }
  }

  /** An object that reports by which names it is asked. */
  @SuppressWarnings("unchecked") // deepCopy() of Jackson's node
  private static final class Asked extends ObjectNode {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial")
    private final Set<String> names;

    Asked(Set<String> names) {
      super(JSON);
      this.names = names;
    }

    @Override
    public JsonNode get(String name) {
      names.add(name);
      return super.get(name);
    }
  }

  private Outcome read(JsonNode document) {
    Map<String, Set<String>> asked = new HashMap<>();
    JsonObject root = JsonObject.root(watched(document, "", asked));
    try {
      reader.accept(root);
      return new Outcome(null, asked);
    } catch (InvalidRequestException e) {
      return new Outcome(e, asked);
    }
  }

  private static JsonNode watched(JsonNode node, String path, Map<String, Set<String>> asked) {
    if (node.isObject()) {
      var object = new Asked(asked.computeIfAbsent(path, at -> new LinkedHashSet<>()));
      node.properties()
          .forEach(
              field ->
                  object.set(
                      field.getKey(),
                      watched(field.getValue(), below(path, field.getKey()), asked)));
      return object;
    }
    if (node.isArray()) {
      ArrayNode array = JSON.arrayNode();
      for (int i = 0; i < node.size(); i++) {
        array.add(watched(node.get(i), path + "[" + i + "]", asked));
      }
      return array;
    }
    return node;
  }

  private static String below(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Returns the schema of the values that are accepted at a place. */
  private ObjectNode any(String path, UnaryOperator<JsonNode> place, int depth) {
    List<ObjectNode> kinds = new ArrayList<>();
    if (depth > MAX_DEPTH) {
      return JSON.objectNode();
    }
    text(path, place, kinds);
    if (!read(place.apply(BooleanNode.TRUE)).isWrongType(path)) {
      kinds.add(type("boolean"));
    }
    number(path, place, kinds);
    Outcome empty = read(place.apply(JSON.arrayNode()));
    if (!empty.isWrongType(path)) {
      ObjectNode array = type("array");
      array.set("items", any(path + "[0]", element -> place.apply(arrayOf(element)), depth + 1));
      if (empty.has("empty_array")) {
        array.put("minItems", 1);
      }
      kinds.add(array);
    }
    if (!read(place.apply(JSON.objectNode())).isWrongType(path)) {
      kinds.add(object(path, place, Set.of(), depth + 1));
    }
    if (kinds.size() == 5) {
      return JSON.objectNode(); // the reader does not look at it
    }
    Outcome absent = read(place.apply(JSON.nullNode()));
    boolean nullable = !absent.isWrongType(path) && !absent.has("missing_required_parameter");
    return nullable ? orNull(kinds) : oneOrMore(kinds);
  }

  private static ObjectNode orNull(List<ObjectNode> kinds) {
    if (kinds.size() != 1 || !kinds.get(0).has("type")) {
      kinds.add(type("null"));
      return oneOrMore(kinds);
    }
    ObjectNode schema = kinds.get(0);
    String type = schema.get("type").textValue();
    schema.putArray("type").add(type).add("null");
    if (schema.get("enum") instanceof ArrayNode words) {
      words.addNull();
    }
    return schema;
  }

  private static JsonNode arrayOf(JsonNode element) {
    return JSON.arrayNode().add(element);
  }

  private void text(String path, UnaryOperator<JsonNode> place, List<ObjectNode> kinds) {
    Outcome outcome = read(place.apply(TextNode.valueOf(SAMPLE)));
    if (outcome.isWrongType(path)) {
      return;
    }
    ObjectNode text = type("string");
    Matcher words = WORDS.matcher(outcome.message());
    if (outcome.error() != null && path.equals(outcome.error().param()) && words.find()) {
      ArrayNode values = text.putArray("enum");
      WORD.matcher(words.group(1)).results().forEach(word -> values.add(word.group(1)));
    }
    kinds.add(text);
  }

  private void number(String path, UnaryOperator<JsonNode> place, List<ObjectNode> kinds) {
    boolean whole = !read(place.apply(IntNode.valueOf(1))).isWrongType(path);
    boolean fraction = !read(place.apply(DoubleNode.valueOf(0.5))).isWrongType(path);
    if (!whole && !fraction) {
      return;
    }
    ObjectNode number = type(fraction ? "number" : "integer");
    bound(read(place.apply(LongNode.valueOf(-LARGE))), path, number);
    bound(read(place.apply(LongNode.valueOf(LARGE))), path, number);
    if (number.path("maximum").asLong() == Integer.MAX_VALUE) {
      number.remove(List.of("minimum", "maximum"));
      number.put("format", "int32");
      bound(read(place.apply(IntNode.valueOf(Integer.MIN_VALUE))), path, number);
      bound(read(place.apply(IntNode.valueOf(Integer.MAX_VALUE))), path, number);
    }
    kinds.add(number);
  }

  private static void bound(Outcome outcome, String path, ObjectNode number) {
    Matcher bound = BOUND.matcher(outcome.message());
    if (outcome.error() != null && path.equals(outcome.error().param()) && bound.find()) {
      number.put(
          bound.group(1).equals(">=") ? "minimum" : "maximum", Long.parseLong(bound.group(2)));
    }
  }

  /** Returns the schema of the objects that are accepted at a place, of one or several kinds. */
  private ObjectNode object(
      String path, UnaryOperator<JsonNode> place, Set<String> names, int depth) {
    return new ObjectAt(path, place, depth).kinds(JSON.objectNode(), names, Set.of());
  }

  /** The objects at a place. */
  private final class ObjectAt {
    private final String path;
    private final UnaryOperator<JsonNode> place;
    private final int depth;

    ObjectAt(String path, UnaryOperator<JsonNode> place, int depth) {
      this.path = path;
      this.place = place;
      this.depth = depth;
    }

    private ObjectNode field(ObjectNode base, String name) {
      return any(below(path, name), value -> place.apply(with(base, name, value)), depth);
    }

    /**
     * Returns the schema of the objects that have some values.
     *
     * @param known the values by which these objects are told from others
     * @param names fields that the reader takes without asking for them by name
     * @param absent fields that these objects do not have
     */
    ObjectNode kinds(ObjectNode known, Set<String> names, Set<String> absent) {
      ObjectNode base = known.deepCopy();
      ObjectNode properties = JSON.objectNode();
      known.properties().forEach(f -> properties.set(f.getKey(), constant(f.getValue())));
      Set<String> required = new LinkedHashSet<>();
      known.fieldNames().forEachRemaining(required::add);
      Outcome outcome = read(place.apply(base));
      Set<String> asked = new LinkedHashSet<>(outcome.asked().getOrDefault(path, Set.of()));
      for (String name : DISCRIMINATORS) {
        if (asked.contains(name) && !known.has(name) && !absent.contains(name)) {
          ObjectNode schema = field(base, name);
          if (isWords(schema)) {
            return variants(known, name, schema, absent, name.equals(missing(outcome, path)));
          }
        }
      }
      for (String missing = missing(outcome, path);
          missing != null && required.add(missing);
          missing = missing(outcome, path)) {
        ObjectNode schema = field(base, missing);
        if (DISCRIMINATORS.contains(missing) && isWords(schema)) {
          return variants(known, missing, schema, absent, true);
        }
        properties.set(missing, schema);
        base.set(missing, sample(schema));
        outcome = read(place.apply(base));
        asked.addAll(outcome.asked().getOrDefault(path, Set.of()));
      }
      asked.addAll(names);
      asked.removeAll(required);
      asked.removeAll(absent);
      asked.forEach(name -> properties.set(name, field(base, name)));
      return objectSchema(properties, required);
    }

    /** Returns a schema for each word of a field; one for all words that make no difference. */
    private ObjectNode variants(
        ObjectNode known, String name, ObjectNode words, Set<String> absent, boolean required) {
      Map<ObjectNode, List<JsonNode>> kinds = new LinkedHashMap<>();
      for (JsonNode word : words.get("enum")) {
        if (word.isNull()) {
          continue; // the same as absent
        }
        ObjectNode kind = kinds(with(known, name, word), Set.of(), absent);
        if (kind.path("properties") instanceof ObjectNode properties && properties.has(name)) {
          properties.putNull(name);
        }
        kinds.computeIfAbsent(kind, same -> new ArrayList<>()).add(word);
      }
      List<ObjectNode> schemas = new ArrayList<>();
      kinds.forEach((kind, same) -> schemas.add(named(kind, name, same)));
      if (!required) {
        Set<String> without = new LinkedHashSet<>(absent);
        without.add(name);
        schemas.add(kinds(known, Set.of(), without));
      }
      return oneOrMore(schemas);
    }
  }

  private static boolean isWords(ObjectNode schema) {
    return schema.path("enum").size() > 1;
  }

  private static ObjectNode named(ObjectNode kind, String name, List<JsonNode> words) {
    ObjectNode schema = kind.deepCopy();
    if (schema.path("properties") instanceof ObjectNode properties) {
      properties.set(name, words.size() == 1 ? constant(words.get(0)) : oneOf(words));
    }
    return schema;
  }

  private static ObjectNode oneOf(List<JsonNode> words) {
    ObjectNode schema = JSON.objectNode();
    words.forEach(schema.putArray("enum")::add);
    return schema;
  }

  private static ObjectNode objectSchema(ObjectNode properties, Set<String> required) {
    ObjectNode schema = type("object");
    if (!properties.isEmpty()) {
      schema.set("properties", properties);
    }
    if (!required.isEmpty()) {
      ArrayNode names = schema.putArray("required");
      required.forEach(names::add);
    }
    return schema;
  }

  private static ObjectNode constant(JsonNode value) {
    ObjectNode schema = JSON.objectNode();
    schema.set("const", value);
    return schema;
  }

  private static ObjectNode with(ObjectNode object, String name, JsonNode value) {
    ObjectNode copy = object.deepCopy();
    copy.set(name, value);
    return copy;
  }

  /** Returns the name of the field that is missing at a place; null if none is. */
  private static @Nullable String missing(Outcome outcome, String path) {
    InvalidRequestException error = outcome.error();
    String param = error == null ? null : error.param();
    if (param == null || !outcome.has("missing_required_parameter")) {
      return null;
    }
    String prefix = path.isEmpty() ? "" : path + ".";
    String name = param.startsWith(prefix) ? param.substring(prefix.length()) : "";
    return name.isEmpty() || name.contains(".") || name.contains("[") ? null : name;
  }

  private static ObjectNode oneOrMore(List<ObjectNode> kinds) {
    if (kinds.size() == 1) {
      return kinds.get(0);
    }
    ObjectNode schema = JSON.objectNode();
    if (!kinds.isEmpty()) {
      ArrayNode all = schema.putArray("anyOf");
      kinds.forEach(all::add);
    }
    return schema;
  }

  private static ObjectNode type(String name) {
    return JSON.objectNode().put("type", name);
  }

  /** Returns a value that a schema allows. */
  static JsonNode sample(JsonNode schema) {
    if (schema.has("const")) {
      return schema.get("const");
    }
    if (schema.has("enum")) {
      return schema.get("enum").get(0);
    }
    if (schema.has("anyOf")) {
      return sample(schema.get("anyOf").get(0));
    }
    JsonNode type = schema.path("type");
    return switch (type.isArray() ? type.get(0).asText() : type.asText()) {
      case "boolean" -> BooleanNode.TRUE;
      case "integer", "number" -> IntNode.valueOf(Math.max(1, schema.path("minimum").asInt(1)));
      case "array" ->
          schema.path("minItems").asInt() == 0
              ? JSON.arrayNode()
              : arrayOf(sample(schema.get("items")));
      case "object" -> {
        ObjectNode object = JSON.objectNode();
        schema
            .path("required")
            .forEach(
                name ->
                    object.set(
                        name.asText(), sample(schema.path("properties").path(name.asText()))));
        yield object;
      }
      default -> TextNode.valueOf(SAMPLE);
    };
  }
}
