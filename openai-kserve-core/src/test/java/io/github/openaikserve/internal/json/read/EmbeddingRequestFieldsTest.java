package io.github.openaikserve.internal.json.read;

import static io.github.openaikserve.internal.json.read.Json.bytes;
import static io.github.openaikserve.internal.json.read.Json.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.openaikserve.internal.json.JsonLimits;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.EmbeddingInput;
import io.github.openaikserve.openai.EncodingFormat;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EmbeddingRequestFieldsTest {
  private static Arguments field(
      String name, String json, Object value, Function<CreateEmbeddingRequest, ?> accessor) {
    return arguments(name, json, value, accessor);
  }

  static Stream<Arguments> fields() {
    return Stream.of(
        field("model", "'bge'", "bge", CreateEmbeddingRequest::model),
        field(
            "encoding_format",
            "'float'",
            EncodingFormat.FLOAT,
            CreateEmbeddingRequest::encodingFormat),
        field(
            "encoding_format",
            "'base64'",
            EncodingFormat.BASE64,
            CreateEmbeddingRequest::encodingFormat),
        field("dimensions", "1", 1, CreateEmbeddingRequest::dimensions),
        field("dimensions", "256.0", 256, CreateEmbeddingRequest::dimensions));
  }

  @ParameterizedTest
  @MethodSource("fields")
  void aFieldIsReadAndIsNotUnknown(
      String name,
      String json,
      Object value,
      Function<CreateEmbeddingRequest, @Nullable Object> accessor) {
    var request = embeddingWith("'%s': %s".formatted(name, json));

    assertThat(accessor.apply(request)).isEqualTo(value);
    assertThat(request.extra()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("fields")
  void anExplicitNullIsAbsence(
      String name,
      String json,
      Object value,
      Function<CreateEmbeddingRequest, @Nullable Object> accessor) {
    var request = embeddingWith("'%s': null".formatted(name));

    assertThat(accessor.apply(request)).isNull();
    assertThat(request).isEqualTo(embedding("{'input': 'once'}"));
  }

  @Test
  void everythingButTheInputMayBeAbsent() {
    assertThat(embedding("{'input': 'once'}"))
        .isEqualTo(CreateEmbeddingRequest.builder().input("once").build());
  }

  @Test
  void theUserAndUnknownFieldsAreKept() {
    Map<String, Object> expected = new HashMap<>(Map.of("user", "u", "input_type", "query"));
    expected.put("truncate", null);

    assertThat(embeddingWith("'user': 'u', 'input_type': 'query', 'truncate': null").extra())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "model           | 5     | a string   | an integer",
        "encoding_format | 5     | a string   | an integer",
        "encoding_format | []    | a string   | an array",
        "dimensions      | '256' | an integer | a string",
        "dimensions      | 1.5   | an integer | a decimal",
        "user            | 5     | a string   | an integer",
        "input           | 5     | one of a string, array of strings, array of integers, or array"
            + " of integer arrays | an integer",
        "input           | {}    | one of a string, array of strings, array of integers, or array"
            + " of integer arrays | an object"
      })
  void aWrongTypeIsRefused(String name, String json, String expected, String got) {
    var refusal = refusalOf(() -> embeddingWith("'%s': %s".formatted(name, json)));

    assertThat(refusal.code()).isEqualTo("invalid_type");
    assertThat(refusal.param()).isEqualTo(name);
    assertThat(refusal)
        .hasMessage(
            "Invalid type for '%s': expected %s, but got %s instead."
                .formatted(name, expected, got));
  }

  @Test
  void anUnknownEncodingFormatIsRefused() {
    var refusal = refusalOf(() -> embeddingWith("'encoding_format': 'FLOAT'"));

    assertThat(refusal.param()).isEqualTo("encoding_format");
    assertThat(refusal.code()).isEqualTo("invalid_value");
    assertThat(refusal)
        .hasMessage("Invalid value: 'FLOAT'. Supported values are: 'float' and 'base64'.");
  }

  @Test
  void dimensionsArePositive() {
    var refusal = refusalOf(() -> embeddingWith("'dimensions': 0"));

    assertThat(refusal.param()).isEqualTo("dimensions");
    assertThat(refusal.code()).isEqualTo("integer_below_min_value");
  }

  static Stream<Arguments> inputs() {
    return Stream.of(
        arguments("'once'", new EmbeddingInput.Texts(List.of("once"))),
        arguments("' '", new EmbeddingInput.Texts(List.of(" "))),
        arguments("['a', 'b']", new EmbeddingInput.Texts(List.of("a", "b"))),
        arguments("[1, 2]", new EmbeddingInput.Tokens(List.of(List.of(1, 2)))),
        arguments("[1.0]", new EmbeddingInput.Tokens(List.of(List.of(1)))),
        arguments("[[1], [2, 3]]", new EmbeddingInput.Tokens(List.of(List.of(1), List.of(2, 3)))));
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void theInputIsOneOfFourKinds(String json, EmbeddingInput input) {
    assertThat(embedding("{'input': %s}".formatted(json)).input()).isEqualTo(input);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "['a', 5]    | input[1]    | invalid_type",
        "['a', null] | input[1]    | invalid_type",
        "[1, 'a']    | input[1]    | invalid_type",
        "[[1], ['']] | input[1][0] | invalid_type",
        "[true]      | input[0]    | invalid_type",
        "[]          | input       | empty_array",
        "[[]]        | input[0]    | empty_array",
        "[[1], []]   | input[1]    | empty_array",
        "''          | input       | empty_string",
        "['']        | input       | empty_string",
        "['a', '']   | input[1]    | empty_string",
        "[-1]        | input       | integer_below_min_value",
        "[2147483648]| input[0]    | integer_above_max_value"
      })
  void anIllegalInputIsRefused(String json, String path, String code) {
    var refusal = refusalOf(() -> embedding("{'input': %s}".formatted(json)));

    assertThat(refusal.param()).isEqualTo(path);
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal).hasMessageContaining("'" + path + "'");
  }

  @Test
  void thereAreAtMost2048Inputs() {
    String most = String.join(",", Collections.nCopies(2048, "'a'"));
    String tokens = String.join(",", Collections.nCopies(2049, "[1]"));

    assertThat(embedding("{'input': [%s]}".formatted(most)).input().size()).isEqualTo(2048);
    for (String tooMany : List.of(most + ",'a'", tokens)) {
      var refusal = refusalOf(() -> embedding("{'input': [%s]}".formatted(tooMany)));

      assertThat(refusal.param()).isEqualTo("input");
      assertThat(refusal.code()).isEqualTo("array_above_max_length");
      assertThat(refusal).hasMessageContaining("maximum length 2048").hasMessageContaining("2049");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"{}", "{'input': null}"})
  void anInputIsRequired(String json) {
    var refusal = refusalOf(() -> embedding(json));

    assertThat(refusal.code()).isEqualTo("missing_required_parameter");
    assertThat(refusal.param()).isEqualTo("input");
  }

  private static CreateEmbeddingRequest embedding(String json) {
    return new RequestJson(JsonLimits.DEFAULT).embedding(bytes(json));
  }

  private static CreateEmbeddingRequest embeddingWith(String fields) {
    return embedding(
        fields.startsWith("'input'")
            ? "{%s}".formatted(fields)
            : "{'input': 'once', %s}".formatted(fields));
  }
}
