package io.github.openaikserve.llamacpp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import de.kherud.llama.LlamaModel;
import java.util.StringJoiner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What llama.cpp may generate, for a {@code response_format} of OpenAI's or a required call. */
final class Grammar {
  private static final Logger log = LoggerFactory.getLogger(Grammar.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ANY_OBJECT = "{\"type\":\"object\"}";

  private Grammar() {}

  /**
   * A grammar in llama.cpp's own form.
   *
   * @throws BadRequestException if the format or its schema is none
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
      throw new BadRequestException("Input 'response_format' asks for no JSON and has no schema");
    }
    try {
      return LlamaModel.jsonSchemaToGrammar(schema);
    } catch (RuntimeException e) {
      throw new BadRequestException("Input 'response_format' has a schema that is none");
    }
  }

  /**
   * A grammar of texts that each are a beginning, a value of a schema, and an end.
   *
   * @throws BadRequestException if there is none of them
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

  /** A grammar of the schema; of any object if llama.cpp cannot make one of it. */
  private static String arguments(JsonNode schema) {
    try {
      return LlamaModel.jsonSchemaToGrammar(GrammarSchema.supported(schema).toString());
    } catch (RuntimeException e) {
      log.debug("the schema of a tool is not supported, any object is", e);
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
      throw new BadRequestException("Input '" + input + "' is no JSON");
    }
  }
}
