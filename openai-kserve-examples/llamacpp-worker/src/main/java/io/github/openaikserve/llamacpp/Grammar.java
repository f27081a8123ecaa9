package io.github.openaikserve.llamacpp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import de.kherud.llama.LlamaModel;
import java.util.StringJoiner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates llama.cpp grammars for OpenAI's {@code response_format} and for required tool calls. */
final class Grammar {
  private static final Logger log = LoggerFactory.getLogger(Grammar.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ANY_OBJECT = "{\"type\":\"object\"}";

  private Grammar() {}

  /**
   * Returns a grammar for a response format.
   *
   * @throws BadRequestException if the format or its schema is invalid
   */
  static String of(String responseFormat) {
    JsonNode format = read("response_format", responseFormat);
    String schema =
        switch (format.path("type").asText()) {
          case "json_object" -> ANY_OBJECT;
          case "json_schema" ->
              GrammarSchema.supported(format.at("/json_schema/schema")).toString();
          default -> "";
        };
    if (schema.isEmpty()) {
      throw new BadRequestException(
          "Input 'response_format' has neither the type 'json_object' nor a schema");
    }
    try {
      return LlamaModel.jsonSchemaToGrammar(schema);
    } catch (RuntimeException e) {
      throw new BadRequestException(
          "Input 'response_format' has a schema that llama.cpp does not support");
    }
  }

  /**
   * Returns a grammar for tool calls, each of which has a beginning, a value of a schema, and an
   * end.
   *
   * @throws BadRequestException if the input has no structures
   */
  static String ofCalls(String toolCalls) {
    JsonNode structures = read("tool_calls", toolCalls).path("structures");
    if (!structures.isArray() || structures.isEmpty()) {
      throw new BadRequestException("Input 'tool_calls' has no structures");
    }
    var root = new StringJoiner(" | ", "root ::= ", "\n");
    var rules = new StringBuilder();
    for (int i = 0; i < structures.size(); i++) {
      JsonNode structure = structures.get(i);
      String prefix = "call" + i + "-";
      root.add(
          literal(structure.path("begin").asText())
              + " \" \"? "
              + prefix
              + "root "
              + literal(structure.path("end").asText()));
      rules.append(GrammarNames.prefixed(arguments(structure.path("schema")), prefix)).append('\n');
    }
    return root.toString() + rules;
  }

  /** Returns a grammar for a schema; for any object if llama.cpp does not support the schema. */
  private static String arguments(JsonNode schema) {
    try {
      return LlamaModel.jsonSchemaToGrammar(GrammarSchema.supported(schema).toString());
    } catch (RuntimeException e) {
      log.debug("schema of a tool not supported, allowing any object", e);
      return LlamaModel.jsonSchemaToGrammar(ANY_OBJECT);
    }
  }

  private static String literal(String text) {
    var literal = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              switch (c) {
                case '"', '\\' -> literal.append('\\').append((char) c);
                case '\n' -> literal.append("\\n");
                case '\r' -> literal.append("\\r");
                case '\t' -> literal.append("\\t");
                default -> literal.append((char) c);
              }
            });
    return literal.append('"').toString();
  }

  private static JsonNode read(String input, String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new BadRequestException("Input '" + input + "' is not valid JSON");
    }
  }
}
