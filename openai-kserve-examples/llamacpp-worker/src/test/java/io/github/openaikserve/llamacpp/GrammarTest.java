package io.github.openaikserve.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every schema has a grammar that llama.cpp accepts, or a clear error. */
@Timeout(150)
final class GrammarTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  @Test
  void schemasThatLlamaCppCannotConvertAreAnswered() throws Exception {
    List<String> schemas =
        List.of(
            property("{'type':'string','pattern':'[0-9]{5}'}"),
            property("{'type':'string','pattern':'^(?=a).*$'}"),
            property("{'pattern':'((a*)*)*$'}"),
            property("{'pattern':'(a?|b?){100}'}"),
            property("{'pattern':'^(((a{1,90}){1,90}){1,90}){1,90}$'}"),
            property("{'pattern':'^[^\\u0000-\uDBFF\uDFFF]$'}"),
            property("{'pattern':'*'}"),
            property("{'pattern':''}"),
            property("{'pattern':'^[z-a](?<n>b)\\\\k<n>'}"),
            property("{'not':{'type':'object'}}"),
            property("true"),
            property("null"),
            property("{'type':'unknown'}"),
            property("{'type':['unknown','string']}"),
            property("{'type':7}"),
            property("{'$ref':'#'}"),
            property("{'$ref':'#/$defs/missing'}"),
            property("{'$ref':'https://example.org/schema'}"),
            property("{'$ref':7}"),
            property("{'allOf':[{'$ref':'#'},{'$ref':'#/properties/a'}]}"),
            property("{'anyOf':[{'$ref':'#/properties/a'},{'$ref':'#'}]}"),
            property("{'type':'integer','minimum':1" + "0".repeat(30) + "}"),
            property("{'type':'integer','maximum':-1" + "0".repeat(300) + "}"),
            property("{'type':'integer','minimum':1e300}"),
            property("{'type':'integer','maximum':1e999}"),
            property("{'type':'array','minItems':1" + "0".repeat(30) + "}"),
            property("{'type':'string','minLength':1.5,'maxLength':1e9}"),
            property("{'enum':['\\\\','\\u0000','\\u007f']}"),
            property("{'const':'\\u2028\\uD800\\uD83D\\uDE00'}"),
            "{'$ref':'#'}",
            "{'anyOf':[{'$ref':'#'}]}",
            "{'$defs':{'x':{'$ref':'#/$defs/y'},'y':{'$ref':'#/$defs/x'}},'$ref':'#/$defs/x'}",
            "{'properties':{'':{'type':'string'},'root':{},'*':{},'\\\\\\u0000':{}}}",
            "{'properties':{'':{}},'required':['']}",
            "true",
            "7",
            "{}");

    assertThat(answers(schemas)).allMatch(answer -> answer.matches("(stop|length) [{].*"));
  }

  @Test
  void largeSchemasAreAnswered() throws Exception {
    String patterns = properties(10_000, "{'pattern':'^[a-z]{3}$'}");
    String deep = "{'items':".repeat(480) + "{}" + "}".repeat(480);
    List<String> schemas =
        List.of(
            "{'properties':" + patterns + "}",
            "{'properties':" + properties(3_000, "{'type':'string'}") + "}",
            "{'properties':" + properties(500, "{'type':'string'}") + "}",
            "{'properties':" + properties(40, "{'properties':" + properties(99, "{}") + "}") + "}",
            property("{'enum':[" + list(90_000, "'value%d'") + "]}"),
            property("{'enum':[" + list(500, "'value%d'") + "]}"),
            property("{'anyOf':[" + list(50_000, "{'const':%d}") + "]}"),
            property("{'allOf':[" + list(50_000, "{'minimum':%d}") + "]}"),
            property("{'type':[" + list(50_000, "'string'") + "]}"),
            property(deep),
            property("{'type':'array','items':{'type':'array','maxItems':1000},'maxItems':1000}"));

    assertThat(answers(schemas)).allMatch(answer -> answer.matches("(stop|length) [{].*"));
  }

  @Test
  void answersMatchTheSchema() throws Exception {
    List<String> answers =
        answers(
            List.of(
                required("{'type':'string','pattern':'^[0-9]{5}$'}"),
                required("{'type':'string','pattern':'^(red|green) \\\\w{2}[.\\\\]\\\"]$'}"),
                required("{'const':'a\\\\b \\u00e9'}"),
                required("{'enum':['x','y']}"),
                required("{'type':'integer','minimum':998,'exclusiveMaximum':1001}"),
                required("{'type':'integer','minimum':-12,'maximum':-11}"),
                required("{'type':'integer','minimum':1" + "0".repeat(30) + "}"),
                required("{'type':'array','items':{'type':'boolean'},'minItems':2,'maxItems':3}"),
                required("{'type':'array','prefixItems':[{'type':'null'},{'const':1}]}"),
                required("{'type':'string','minLength':3,'maxLength':4}"),
                required("{'type':'string','format':'date-time'}"),
                required("{'type':'string','format':'uuid'}"),
                required("{'allOf':[{'type':'number'},{'type':['integer','null']}],'maximum':3}"),
                required("{'$ref':'#/$defs/b','description':'c'}")));

    List<String> patterns =
        List.of(
            "\"[0-9]{5}\"",
            "\"(red|green) [0-9A-Z_a-z]{2}(\\.|\\]|\\\\\")\"",
            "\"a\\\\\\\\b \u00e9\"",
            "\"[xy]\"",
            "(998|999|1000)",
            "(-12|-11)",
            "[1-9][0-9]{30,31}",
            "\\[((true|false),){1,2}(true|false)\\]",
            "\\[null,1\\]",
            "\".{3,4}\"",
            "\"[0-9]{4}-.*T.*\"",
            "\"[0-9a-fA-F-]{36}\"",
            "-?[0-9]+",
            "(true|false)");
    for (int i = 0; i < patterns.size(); i++) {
      assertThat(answers.get(i)).startsWith("stop ");
      JsonNode value = JSON.readTree(answers.get(i).substring("stop ".length())).path("a");
      assertThat(value.toString()).matches(patterns.get(i));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "false",
        "{'enum':[]}",
        "{'type':'string','enum':[1,2]}",
        "{'type':'integer','minimum':2,'maximum':1}",
        "{'type':'integer','exclusiveMinimum':1,'exclusiveMaximum':2}",
        "{'type':'number','minimum':2,'maximum':1}",
        "{'type':'string','minLength':2,'maxLength':1}",
        "{'type':'array','minItems':2,'maxItems':1}",
        "{'type':'array','items':false,'minItems':1}",
        "{'type':'object','minProperties':2,'maxProperties':1}",
        "{'properties':{'a':false},'required':['a']}",
        "{'required':['a'],'additionalProperties':false}",
        "{'allOf':[{'type':'string'},{'type':'object'}]}",
        "{'anyOf':[false,{'enum':[]}]}",
      })
  void aSchemaThatNoValueMatchesIsRejected(String schema) {
    String expected = "a schema that no value can match";

    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> Grammar.of(format(schema)))
        .withMessageContaining(expected);
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> Grammar.ofCalls(calls(schema)))
        .withMessageContaining(expected);
  }

  @Test
  void propertiesWithoutValuesAreLeftOut() {
    String grammar = Grammar.of(format("{'properties':{'no':false,'yes':{'type':'null'}}}"));

    assertThat(grammar).contains("yes").doesNotContain("no\\\"");
  }

  @Test
  void generatedSchemasAreAnsweredOrRejected() throws Exception {
    var schemas = new RandomSchemas(new Random(18));

    List<String> answers =
        answers(IntStream.range(0, 300).mapToObj(i -> schemas.next().toString()).toList());

    assertThat(answers)
        .hasSize(300)
        .allMatch(answer -> answer.matches("(stop|length) .*|.*no value can match"));
    assertThat(answers).filteredOn(answer -> answer.startsWith("stop ")).hasSizeGreaterThan(30);
    for (String answer : answers) {
      if (answer.startsWith("stop ")) {
        JSON.readTree(answer.substring("stop ".length()));
      }
    }
  }

  @Test
  void callsOfAnySchemaHaveAGrammar() {
    String tools = calls(property("{'$ref':'#'}"), "null", "{'pattern':'x'}");

    assertThat(Grammar.ofCalls(tools))
        .startsWith("root ::= \"<call>\" \" \"? ")
        .contains("</call>");
  }

  private List<String> answers(List<String> schemas) throws Exception {
    List<String> lines = schemas.stream().map(schema -> schema.replace('\'', '"')).toList();
    List<String> answers = GrammarProbe.answers(directory, lines);
    assertThat(answers).hasSameSizeAs(schemas);
    return answers;
  }

  private static String property(String schema) {
    return "{'type':'object','properties':{'a':" + schema + "}}";
  }

  private static String required(String schema) {
    return "{'properties':{'a':" + schema + "},'required':['a'],'$defs':{'b':{'type':'boolean'}}}";
  }

  private static String properties(int count, String schema) {
    return "{" + list(count, "'p%d':" + schema) + "}";
  }

  private static String list(int count, String item) {
    return IntStream.range(0, count)
        .mapToObj(i -> item.replace("%d", String.valueOf(i)))
        .collect(Collectors.joining(","));
  }

  private static String format(String schema) {
    return "{'type':'json_schema','json_schema':{'schema':%s}}"
        .formatted(schema)
        .replace('\'', '"');
  }

  private static String calls(String... schemas) {
    return List.of(schemas).stream()
        .map("{'begin':'<call>','end':'</call>','schema':%s}"::formatted)
        .collect(Collectors.joining(",", "{'structures':[", "]}"))
        .replace('\'', '"');
  }
}
