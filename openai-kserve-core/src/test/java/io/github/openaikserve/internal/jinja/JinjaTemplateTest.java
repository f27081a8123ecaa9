package io.github.openaikserve.internal.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What jinja2 3.1 makes of templates, byte for byte; {@code expected.json} was written by it. */
final class JinjaTemplateTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final LocalDateTime NOW = LocalDateTime.of(2025, 1, 2, 0, 0);

  static Stream<Arguments> templates() throws IOException {
    JsonNode expected = expected("expected.json");
    List<Arguments> all = new ArrayList<>();
    expected
        .get("templates")
        .properties()
        .forEach(
            template ->
                template
                    .getValue()
                    .get("gold")
                    .properties()
                    .forEach(
                        set ->
                            all.add(
                                Arguments.of(
                                    template.getKey() + "/" + set.getKey(),
                                    template.getValue().get("src").asText(),
                                    map(expected.at("/sets/" + set.getKey())),
                                    set.getValue()))));
    return all.stream();
  }

  static Stream<Arguments> snippets() throws IOException {
    return Stream.concat(snippets("expected.json"), snippets("more.json"));
  }

  /** Snippets that need no variables, each with what jinja2 makes of it; null for a failure. */
  static Stream<Arguments> snippetsWithoutVariables() throws IOException {
    List<Arguments> all = new ArrayList<>();
    for (JsonNode snippet : expected("differential.json")) {
      String source = snippet.get(0).asText();
      if (JinjaDifferentialTest.isSupported(source)) {
        all.add(Arguments.of(source, source, Map.of(), snippet.get(1)));
      }
    }
    return all.stream();
  }

  private static Stream<Arguments> snippets(String file) throws IOException {
    JsonNode expected = expected(file);
    Map<String, Object> context = map(expected.get("ctx"));
    List<Arguments> all = new ArrayList<>();
    expected
        .get("snippets")
        .forEach(
            snippet ->
                all.add(
                    Arguments.of(
                        snippet.get(0).asText(),
                        snippet.get(1).asText(),
                        context,
                        snippet.get(2))));
    return all.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"templates", "snippets", "snippetsWithoutVariables"})
  void rendersAsJinjaDoes(
      String name, String source, Map<String, Object> context, JsonNode expected) {
    if (expected.isNull()) {
      assertThatExceptionOfType(JinjaException.class)
          .isThrownBy(() -> JinjaTemplate.parse(source).render(context, () -> NOW));
    } else {
      assertThat(JinjaTemplate.parse(source).render(context, () -> NOW))
          .isEqualTo(expected.textValue());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "a\\n{% include 'x' %}!2!include",
        "{% extends 'x' %}!1!extends",
        "{% import 'x' as y %}!1!import",
        "{% block x %}{% endblock %}{% block x %}{% endblock %}!1!defined twice",
        "{% block x %}!1!endblock",
        "{% call x %}{% endcall %}!1!expected a call",
        "{% call x() %}!1!endcall",
        "{% autoescape false %}!1!endautoescape",
        "{% do x %}!1!do",
        "{% nothing %}!1!nothing",
        "\\n\\n{{ x | unheard }}!3!unheard",
        "{{ x is unheard }}!1!unheard",
        "{% if x %}!1!endif",
        "{% for x in y %}{% endif %}!1!endif",
        "{% for x in y %}!1!endfor",
        "{{ x!1!never ended",
        "{# x!1!never ended",
        "{% raw %}x!1!never ended",
        "{{ 'x }}!1!never ended",
        "{{ (1 }}!1!unexpected",
        "{{ 1 + }}!1!expression",
        "{% break %}!1!break",
        "{{ x | replace('a') }}!1!new",
        "{{ f(**x, y) }}!1!argument",
        "{% endfor %}!1!endfor",
        "{{ ? }}!1!?",
      })
  void unsupportedSyntaxIsReportedWithItsLineWhenTheTemplateIsParsed(
      String source, int line, String named) {
    assertThatExceptionOfType(JinjaException.class)
        .isThrownBy(() -> JinjaTemplate.parse(source.replace("\\n", "\n")))
        .withMessageContaining(named)
        .satisfies(e -> assertThat(e.line()).isEqualTo(line));
  }

  @Test
  void aLongTextIsSplitAtManyLongSeparators() {
    String text = ("x".repeat(5_000) + "<|START_THINKING|>").repeat(200);

    assertThat(
            JinjaTemplate.parse("{{ t.split('<|START_THINKING|>') | length }}")
                .render(new HashMap<>(Map.of("t", text))))
        .isEqualTo("201");
  }

  @Test
  void aTemplateThatRefusesSaysSoItself() {
    JinjaTemplate template = JinjaTemplate.parse("\n{{ raise_exception('no ' ~ role) }}");

    assertThatExceptionOfType(TemplateRaisedException.class)
        .isThrownBy(() -> template.render(Map.of("role", "tools")))
        .satisfies(
            e -> {
              assertThat(e.problem()).isEqualTo("no tools");
              assertThat(e.line()).isEqualTo(2);
            });
  }

  @ParameterizedTest
  @Timeout(value = 20, unit = TimeUnit.SECONDS)
  @ValueSource(
      strings = {
        "{% for a in range(99999) %}{% for b in range(99999) %}{{ b }}{% endfor %}{% endfor %}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f(n) %}{% if n %}{% if n %}{{ (((f(n)))) }}{% endif %}{% endif %}{% endmacro %}{{"
            + " f(1) }}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{{ 'x' * 999999999 }}",
        "{{ [0] * 999999999 }}",
        "{{ 9 ** 9999 }}",
        "{{ range(999999999999) | list }}",
        "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{%"
            + " endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{%"
            + " endfor %}",
        "{% set ns = namespace(s=[]) %}{% for i in range(9999) %}{% set ns.s = [ns.s] %}{% endfor"
            + " %}{{ ns.s }}",
        "{{ 'x'.ljust(999999999) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ 'a' | replace('', 'x' * 99999) | replace('x', 'y' * 99999) }}",
        "{{ [1] | batch(999999999, 0) | list }}",
        "{{ [1] | slice(999999999) | list }}",
      })
  void nothingATemplateAsksForExhaustsTheProcess(String source) {
    assertThatExceptionOfType(JinjaException.class)
        .isThrownBy(() -> JinjaTemplate.parse(source).render(Map.of()))
        .satisfies(e -> assertThat(e.line()).isEqualTo(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "{1:", "not ", "-", "x if x else "})
  void deepNestingIsRejectedWhileReading(String opening) {
    assertThatExceptionOfType(JinjaException.class)
        .isThrownBy(() -> JinjaTemplate.parse("{{ " + opening.repeat(50_000) + "1 }}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {" + 1", " or 1", " and 1", " * 1", " ** 1", ".a", "[0]", "|e", " is odd", " ~ 1"})
  void aTagWithTooManyOperatorsIsRefusedOrRendered(String operator) {
    String source = "{{ 1" + operator.repeat(50_000) + " }}";

    try {
      assertThat(JinjaTemplate.parse(source).render(Map.of())).hasSize(50_001);
    } catch (JinjaException e) {
      assertThat(e).hasMessageContaining("operators");
    }
  }

  @Test
  void aThreadWithASmallStackIsNotEnded() throws InterruptedException {
    String chained = "{% macro f() %}{{ f()" + " + 1".repeat(900) + " }}{% endmacro %}{{ f() }}";
    JinjaTemplate template = JinjaTemplate.parse(chained);
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    var thread =
        new Thread(
            null,
            () -> {
              try {
                template.render(Map.of());
              } catch (Throwable e) {
                failures.add(e);
              }
            },
            "small",
            256 * 1024);

    thread.start();
    thread.join();

    assertThat(failures).hasSize(1).allMatch(JinjaException.class::isInstance);
  }

  @Test
  void aLongListIsNotADeepExpression() {
    String source = "{{ [" + "'a', ".repeat(5_000) + "]|length }}";

    assertThat(JinjaTemplate.parse(source).render(Map.of())).isEqualTo("5000");
  }

  @Test
  void blocksThatAreNestedTooDeeplyAreRefused() {
    assertThatExceptionOfType(JinjaException.class)
        .isThrownBy(() -> JinjaTemplate.parse("{% if x %}".repeat(50_000)));
    assertThatExceptionOfType(JinjaException.class)
        .isThrownBy(() -> JinjaTemplate.parse("{% if x %}a" + "{% elif x %}b".repeat(50_000)));
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void everyTemplateRendersOrFailsWithATemplateError() throws IOException {
    List<Arguments> all = Stream.concat(templates(), snippets()).toList();
    var random = new Random(13);
    for (int round = 0; round < 6_000; round++) {
      Object[] chosen = all.get(random.nextInt(all.size())).get();
      var source = new StringBuilder((String) chosen[1]);
      int changes = 1 + random.nextInt(3);
      for (int i = 0; i < changes && !source.isEmpty(); i++) {
        int at = random.nextInt(source.length());
        switch (random.nextInt(3)) {
          case 0 -> source.deleteCharAt(at);
          case 1 -> source.insert(at, "{}%#|.()[]'\"-+~:,=x0\\ \n".charAt(random.nextInt(23)));
          default -> source.insert(at, source.substring(at, Math.min(source.length(), at + 9)));
        }
      }
      try {
        JinjaTemplate.parse(source.toString())
            .render(Objects.requireNonNull(castMap(chosen[2])), () -> NOW);
      } catch (JinjaException e) {
        assertThat(e.line()).isPositive();
      } catch (RuntimeException | Error e) {
        throw new AssertionError(source.toString(), e);
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> castMap(Object map) {
    return (Map<String, Object>) map;
  }

  @Test
  void javaObjectsAreNotTemplateValues() {
    JinjaTemplate template = JinjaTemplate.parse("{{ x }}");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> template.render(Map.of("x", new Object())));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> template.render(Map.of("x", List.of(Path.of("/")))));
  }

  @Test
  void laterChangesByTheCallerHaveNoEffect() {
    List<Object> list = new ArrayList<>(List.of(1));

    assertThatExceptionOfType(JinjaException.class)
        .isThrownBy(() -> JinjaTemplate.parse("{{ x.append(2) }}").render(Map.of("x", list)));
    assertThat(list).containsExactly(1);
  }

  @Test
  void oneTemplateRendersOnManyThreads() throws Exception {
    JinjaTemplate template =
        JinjaTemplate.parse(
            "{% macro m(x) %}<{{ x }}>{% endmacro %}"
                + "{% for i in range(n) %}{% set y = i * 2 %}{{ m(y) }}{% endfor %}");
    String expected = template.render(Map.of("n", 200));
    List<Thread> threads = new ArrayList<>();
    List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    for (int t = 0; t < 4; t++) {
      var thread =
          new Thread(
              () -> {
                for (int i = 0; i < 200; i++) {
                  String rendered = template.render(Map.of("n", 200));
                  if (!rendered.equals(expected)) {
                    wrong.add(rendered);
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(wrong).isEmpty();
  }

  private static JsonNode expected(String file) throws IOException {
    return JSON.readTree(Path.of("src/test/resources/jinja", file).toFile());
  }

  private static Map<String, Object> map(JsonNode node) {
    return JSON.convertValue(node, new TypeReference<Map<String, Object>>() {});
  }
}
