package io.github.openaikserve.llamacpp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;

/** Creates llama.cpp grammars for OpenAI's {@code response_format} and for required tool calls. */
final class Grammar {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Grammar() {}

  /**
   * Returns a grammar for a response format.
   *
   * @throws BadRequestException if the format is invalid or no value can match its schema
   */
  static String of(String responseFormat) {
    JsonNode format = read("response_format", responseFormat);
    JsonNode schema =
        switch (format.path("type").asText()) {
          case "json_object" -> JSON.createObjectNode();
          case "json_schema" -> format.at("/json_schema/schema");
          default -> MissingNode.getInstance();
        };
    if (schema.isMissingNode()) {
      throw new BadRequestException(
          "Input 'response_format' has neither the type 'json_object' nor a schema");
    }
    var rules = new GrammarRules();
    return rules.grammar(expression("response_format", rules, schema));
  }

  /**
   * Returns a grammar for tool calls, each of which has a beginning, a value of a schema, and an
   * end.
   *
   * @throws BadRequestException if the input has no structures, or if no value can match a schema
   */
  static String ofCalls(String toolCalls) {
    JsonNode structures = read("tool_calls", toolCalls).path("structures");
    if (!structures.isArray() || structures.isEmpty()) {
      throw new BadRequestException("Input 'tool_calls' has no structures");
    }
    var rules = new GrammarRules();
    List<String> calls = new ArrayList<>();
    for (JsonNode structure : structures) {
      String arguments = expression("tool_calls", rules, structure.path("schema"));
      calls.add(
          GrammarText.literal(structure.path("begin").asText())
              + " \" \"? "
              + arguments
              + " "
              + GrammarText.literal(structure.path("end").asText()));
    }
    return rules.grammar(String.join(" | ", calls));
  }

  private static String expression(String input, GrammarRules rules, JsonNode schema) {
    String expression = new SchemaGrammar(rules, schema).expression();
    if (expression == null) {
      throw new BadRequestException("Input '" + input + "' has a schema that no value can match");
    }
    return expression;
  }

  private static JsonNode read(String input, String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new BadRequestException("Input '" + input + "' is not valid JSON");
    }
  }
}
