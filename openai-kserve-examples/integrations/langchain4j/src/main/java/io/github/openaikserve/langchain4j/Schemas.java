package io.github.openaikserve.langchain4j;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNullSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import io.github.openaikserve.error.InvalidRequestException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Converts LangChain4j's schemas to JSON Schemas, as maps and lists. */
final class Schemas {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private Schemas() {}

  static Map<String, Object> schema(JsonSchemaElement element) {
    Map<String, Object> schema =
        element instanceof JsonRawSchema raw ? parsed(raw) : new LinkedHashMap<>();
    if (element.description() != null) {
      schema.put("description", element.description());
    }
    if (element instanceof JsonObjectSchema object) {
      addObject(object, schema);
    } else if (element instanceof JsonArraySchema array) {
      schema.put("type", "array");
      if (array.items() != null) {
        schema.put("items", schema(array.items()));
      }
    } else if (element instanceof JsonEnumSchema choices) {
      schema.put("type", "string");
      schema.put("enum", choices.enumValues());
    } else if (element instanceof JsonReferenceSchema reference) {
      schema.put("$ref", "#/$defs/" + reference.reference());
    } else if (element instanceof JsonAnyOfSchema alternatives) {
      schema.put("anyOf", alternatives.anyOf().stream().map(Schemas::schema).toList());
    } else if (!(element instanceof JsonRawSchema)) {
      schema.put("type", type(element));
    }
    return schema;
  }

  private static void addObject(JsonObjectSchema object, Map<String, Object> schema) {
    schema.put("type", "object");
    schema.put("properties", schemas(object.properties()));
    List<String> required = object.required();
    if (required != null && !required.isEmpty()) {
      schema.put("required", required);
    }
    if (object.additionalProperties() != null) {
      schema.put("additionalProperties", object.additionalProperties());
    }
    Map<String, JsonSchemaElement> definitions = object.definitions();
    if (definitions != null && !definitions.isEmpty()) {
      schema.put("$defs", schemas(definitions));
    }
  }

  private static Map<String, Object> schemas(Map<String, JsonSchemaElement> elements) {
    Map<String, Object> schemas = new LinkedHashMap<>();
    elements.forEach((name, element) -> schemas.put(name, schema(element)));
    return schemas;
  }

  private static String type(JsonSchemaElement element) {
    if (element instanceof JsonStringSchema) {
      return "string";
    }
    if (element instanceof JsonIntegerSchema) {
      return "integer";
    }
    if (element instanceof JsonNumberSchema) {
      return "number";
    }
    if (element instanceof JsonBooleanSchema) {
      return "boolean";
    }
    if (element instanceof JsonNullSchema) {
      return "null";
    }
    throw new UnsupportedFeatureException(
        "unsupported JSON schema element " + element.getClass().getName());
  }

  private static Map<String, Object> parsed(JsonRawSchema raw) {
    try {
      return JSON.readValue(raw.schema(), OBJECT);
    } catch (JsonProcessingException e) {
      e.clearLocation();
      throw InvalidRequestException.badValue(
          "response_format", null, "The raw schema is not a JSON object: " + e.getMessage());
    }
  }
}
