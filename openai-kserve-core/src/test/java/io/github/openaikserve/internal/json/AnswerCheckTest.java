package io.github.openaikserve.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.regex.Steps;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks of answers against schemas that clients have sent. */
final class AnswerCheckTest {
  private static final String TOO_LONG =
      "The answer cannot be checked: its schema is too complex. Simplify the schema.";

  private static Optional<String> problem(String schema, String answer) {
    return AnswerCheck.schema(map(schema)).problem(answer);
  }

  private static Map<?, ?> map(String schema) {
    return (Map<?, ?>) JsonCodec.readValue(schema).orElseThrow();
  }

  @Test
  void patternsAreChecked() {
    String schema =
        "{\"type\":\"object\",\"properties\":{\"a\":{\"pattern\":\"^\\\\d{2}$\"}},"
            + "\"patternProperties\":{\"^x\":{\"type\":\"integer\"}}}";

    assertThat(problem(schema, "{\"a\":\"12\",\"xy\":1}")).isEmpty();
    assertThat(problem(schema, "{\"a\":\"123\"}")).isPresent();
    assertThat(problem(schema, "{\"xy\":\"1\"}")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"^(a+)+$", "^(.*?,){15}P", "^(a|a)*$", "(|){40}c", "^(x|y)*$"})
  void aPatternThatBacktracksTakesFewSteps(String pattern) {
    var steps = new Steps(Long.MAX_VALUE);
    var validator = new SchemaValidator(Map.of("pattern", pattern));

    assertThat(validator.problem(JsonCodec.writeValue("a1,".repeat(500) + "!"), steps)).isPresent();

    assertThat(steps.taken()).isLessThan(500_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"^(?=(a+))\\1*b(a|b|ab)*c$", "(?<=a)b", "(", "(a{1000}){1000}"})
  void aPatternThatIsNotSupportedIsTheRequestsMistake(String pattern) {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> AnswerCheck.schema(Map.of("pattern", pattern)))
        .withMessageStartingWith(
            "Invalid schema for 'response_format': a pattern is not supported: ")
        .satisfies(e -> assertThat(e.code()).isEqualTo("invalid_json_schema"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'json_object'}",
        "{'type':['string','text']}",
        "{'properties':{'a':{'type':'dict'}}}",
        "{'items':{'anyOf':[{'type':'string'},{'type':'int'}]}}",
        "{'prefixItems':[{'additionalProperties':{'type':'str'}}]}",
        "{'$defs':{'x':{'type':'float'}}}",
      })
  void aTypeThatDoesNotExistIsTheRequestsMistake(String schema) {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> AnswerCheck.schema(schema(schema)))
        .withMessageMatching(
            "Invalid schema for 'response_format': the type '.*' does not exist\\.")
        .satisfies(e -> assertThat(e.code()).isEqualTo("invalid_json_schema"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'properties':{'type':{'type':'string'}}}",
        "{'const':{'type':'anything'}}",
        "{'enum':[{'type':'anything'}]}",
        "{'default':{'items':{'type':'anything'}},'examples':[{'type':'anything'}]}",
        "{'items':true,'not':false}",
      })
  void unknownTypeNamesAreIgnored(String schema) {
    assertThatCode(() -> AnswerCheck.schema(schema(schema))).doesNotThrowAnyException();
  }

  private static Map<?, ?> schema(String json) {
    try {
      return new ObjectMapper().readValue(json.replace('\'', '"'), Map.class);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void thePatternsOfASchemaTogetherAreBounded() {
    String patterns =
        IntStream.range(0, 500)
            .mapToObj(i -> "\"p%d\":{\"pattern\":\"a{1000}\"}".formatted(i))
            .collect(Collectors.joining(","));

    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> AnswerCheck.schema(map("{\"properties\":{" + patterns + "}}")))
        .withMessageContaining("too complex");
  }

  @Test
  void referencesThatDoubleAtEachLevelEnd() {
    var schema = new StringBuilder("{\"$ref\":\"#/$defs/l0\",\"$defs\":{");
    for (int i = 0; i < 30; i++) {
      String next = "{\"$ref\":\"#/$defs/l" + (i + 1) + "\"}";
      schema.append("\"l%d\":{\"allOf\":[%s,%s]},".formatted(i, next, next));
    }
    schema.append("\"l30\":{\"type\":\"object\"}}}");

    assertThat(problem(schema.toString(), "{}")).contains(TOO_LONG);
  }

  @Test
  void referencesThatDoubleAtEachLevelOfTheAnswerEnd() {
    String schema = "{\"properties\":{\"a\":{\"allOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"}]}}}";
    String answer = "{\"a\":".repeat(40) + "{}" + "}".repeat(40);

    assertThat(problem(schema, answer)).contains(TOO_LONG);
  }

  @Test
  void aReferenceToItselfEnds() {
    assertThat(problem("{\"$ref\":\"#\"}", "{}")).contains(TOO_LONG);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"$ref\":\"http://127.0.0.1:PORT/a\"}",
        "{\"$schema\":\"http://127.0.0.1:PORT/a\",\"type\":\"object\"}",
        "{\"$id\":\"http://127.0.0.1:PORT/\",\"$ref\":\"a\"}",
        "{\"items\":{\"$dynamicRef\":\"http://127.0.0.1:PORT/a#x\"}}",
        "{\"$ref\":\"file:///etc/hostname\"}",
      })
  void nothingThatASchemaRefersToIsFetched(String schema) throws IOException {
    try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout(1);

      assertThatExceptionOfType(InvalidRequestException.class)
          .isThrownBy(() -> problem(schema.replace("PORT", "" + server.getLocalPort()), "[\"a\"]"))
          .satisfies(e -> assertThat(e.code()).isEqualTo("invalid_json_schema"));
      assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(server::accept);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999999999", "1e-999999999", "{\"a\":[1e401]}"})
  void aNumberOfABillionDigitsIsRefused(String number) {
    assertThat(problem("{\"multipleOf\":0.1}", number))
        .contains("The answer contains a number that is out of range.");
    assertThat(problem("{\"type\":\"integer\"}", number)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://json-schema.org/draft-04/schema#",
        "http://json-schema.org/draft-06/schema#",
        "http://json-schema.org/draft-07/schema#",
        "https://json-schema.org/draft/2019-09/schema",
        "https://json-schema.org/draft/2020-12/schema",
      })
  void aSchemaMayNameItsDraft(String draft) {
    String schema = "{\"$schema\":\"%s\",\"required\":[\"a\"]}".formatted(draft);

    assertThat(problem(schema, "{\"a\":1}")).isEmpty();
    assertThat(problem(schema, "{\"b\":1}")).isPresent();
  }

  @Test
  void usualAnswersFit() {
    assertThat(problem("{\"multipleOf\":0.5}", "1e300")).isEmpty();
    assertThat(
            problem(
                "{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/p\"},\"$defs\":{\"p\":{\"type\":"
                    + "\"object\",\"required\":[\"n\"],\"properties\":{\"n\":{\"pattern\":\"^[a-z]+$\"}}}}}",
                "[" + "{\"n\":\"abc\"},".repeat(1000) + "{\"n\":\"z\"}]"))
        .isEmpty();
  }
}
