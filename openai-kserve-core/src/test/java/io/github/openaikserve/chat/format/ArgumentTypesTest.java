package io.github.openaikserve.chat.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The types of values that a format writes without quotes, by the schema of the function. */
final class ArgumentTypesTest {
  private static final ToolCallFormat NESTED = ToolCallFormats.byName("minimax_m3").orElseThrow();

  private static List<ChatCompletionTool> tools(String schema) {
    Object parsed = JsonCodec.readValue(schema.replace('\'', '"')).orElseThrow();
    Map<?, ?> map = (Map<?, ?>) parsed;
    return List.of(
        ChatCompletionTool.function(
            "f",
            null,
            map.entrySet().stream()
                .collect(Collectors.toMap(e -> String.valueOf(e.getKey()), Map.Entry::getValue))));
  }

  private static String arguments(ToolCallFormat format, String schema, String value) {
    String call = format.write("f", Map.of("x", value));
    List<ChatCompletionTool> tools = tools(schema);
    var model = new ModelFormat(null, format);
    ParsedAnswer whole = ParsedAnswer.of(model.parser("", tools), List.of(call));
    List<String> characters = call.codePoints().mapToObj(Character::toString).toList();
    assertThat(ParsedAnswer.of(model.parser("", tools), characters).parts())
        .isEqualTo(whole.parts());
    assertThat(whole.calls).hasSize(1);
    Map<?, ?> arguments = JsonCodec.readObject(whole.calls.get(0).arguments()).orElseThrow();
    return JsonCodec.writeValue(arguments.get("x"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "{'properties': {'x': {'type': 'integer'}}}; 5; 5",
        "{'additionalProperties': {'type': 'integer'}}; 5; 5",
        "{'properties': {'y': {}}, 'additionalProperties': {'type': 'string'}}; [5]; \"[5]\"",
        "{'patternProperties': {'^x': {'type': 'boolean'}}}; true; true",
        "{'patternProperties': {'^y': {'type': 'boolean'}}}; true; \"true\"",
        "{'patternProperties': {'(': {'type': 'boolean'}}}; true; \"true\"",
        "{'allOf': [{'properties': {'x': {'type': 'number'}}}]}; 1.5; 1.5",
        "{'anyOf': [{'properties': {'x': {'type': 'number'}}}, {'properties': {}}]}; 1.5; 1.5",
        "{'oneOf': [{'properties': {'x': {'type': 'number'}}}, {'properties': {'x': {'type':"
            + " 'string'}}}]}; 1.5; \"1.5\"",
        "{'$ref': '#/$defs/A', '$defs': {'A': {'properties': {'x': {'type': 'integer'}}}}}; 5; 5",
        "{'$ref': '#'}; 5; \"5\"",
        "{'properties': {'x': {'$ref': '#/properties/y/anyOf/1'}, 'y': {'anyOf': [{'type':"
            + " 'string'}, {'type': 'integer'}]}}}; 5; 5",
        "{'properties': {'x': {'$ref': '#/properties/y/anyOf/7'}, 'y': {'anyOf': []}}}; 5; \"5\"",
        "{'properties': {'x': {'enum': ['a', null]}}}; None; null",
        "{'properties': {'x': {'enum': ['a', null]}}}; null; null",
        "{'properties': {'x': {'enum': ['None', null]}}}; None; \"None\"",
        "{'properties': {'x': {'type': 'array'}}}; ~~; []",
        "{'properties': {'x': {'type': ['object', 'null']}}}; ~~; {}",
        "{'properties': {'x': {'type': 'string'}}}; ~~; \"\"",
      })
  void aValueHasTheTypeOfItsSchema(String schema, String value, String json) {
    assertThat(arguments(ToolCallFormats.QWEN3_CODER, schema, value)).isEqualTo(json);
    assertThat(arguments(NESTED, schema, value)).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'type': 'object', 'properties': {'zip': {'type': 'string'}}}; <zip>75001</zip>;"
            + " {\"zip\":\"75001\"}",
        "{'type': 'object', 'properties': {'zip': {'type': 'integer'}}}; <zip>75001</zip>;"
            + " {\"zip\":75001}",
        "{'type': 'object', 'additionalProperties': {'type': 'string'}}; <a>true</a><b>1</b>;"
            + " {\"a\":\"true\",\"b\":\"1\"}",
        "{'type': 'array', 'items': {'type': 'string'}}; <item>1</item><item>true</item>;"
            + " [\"1\",\"true\"]",
        "{'type': 'array', 'items': {'$ref': '#/$defs/A'}}; <item><id>007</id></item>;"
            + " [{\"id\":\"007\"}]",
        "{'$ref': '#/$defs/B'}; <id>7</id><list></list>; {\"id\":7,\"list\":[]}",
        "{'type': 'object'}; <item>x</item>; {\"item\":\"x\"}",
        "{'type': 'array', 'items': {'type': 'array'}}; <item></item><item><item>1</item></item>;"
            + " [[],[1]]",
        "{'type': ['object', 'null'], 'properties': {'a': {'type': ['integer', 'null']}}};"
            + " <a>null</a>; {\"a\":null}",
        "{}; <a>1</a><b>x</b>; {\"a\":1,\"b\":\"x\"}",
      })
  void aValueInNestedTagsHasTheTypeOfItsSchema(String schema, String value, String json) {
    String root =
        "{'properties': {'x': "
            + schema
            + "}, '$defs': {'A': {'properties': {'id': {'type': 'string'}}}, 'B': {'properties':"
            + " {'id': {'type': 'integer'}, 'list': {'type': 'array'}}}}}";
    String tags = value.replace("<", "]<]minimax[>[<");

    assertThat(arguments(NESTED, root, tags)).isEqualTo(json);
  }

  @Test
  void aSchemaThatContainsItselfEnds() {
    String schema =
        "{'allOf': [{'$ref': '#'}, {'$ref': '#'}], 'anyOf': [{'$ref': '#'}, {'$ref': '#'}],"
            + " 'properties': {'x': {'$ref': '#/properties/x'}}}";

    assertThat(arguments(ToolCallFormats.QWEN3_CODER, schema, "5")).isEqualTo("\"5\"");
  }
}
