package io.github.openaikserve;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import io.github.openaikserve.nativeimage.MainClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which package may know which: the table of the architecture page, enforced. */
final class DirectionsTest {
  private static final String ROOT = "io.github.openaikserve";

  static final Map<String, List<String>> MAY_KNOW =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("kserve", List.of()),
              Map.entry("error", List.of()),
              Map.entry("internal.concurrent", List.of()),
              Map.entry("internal.flow", List.of("internal.concurrent")),
              Map.entry("internal.jinja.value", List.of()),
              Map.entry("internal.jinja.builtin", List.of("internal.jinja.value")),
              Map.entry(
                  "internal.jinja.syntax",
                  List.of("internal.jinja.value", "internal.jinja.builtin")),
              Map.entry(
                  "internal.jinja",
                  List.of(
                      "internal.jinja.value", "internal.jinja.builtin", "internal.jinja.syntax")),
              Map.entry("internal.regex", List.of()),
              Map.entry("internal.fields", List.of("error")),
              Map.entry("openai", List.of("error", "internal.fields")),
              Map.entry("openai.responses", List.of("openai", "error", "internal.fields")),
              Map.entry("anthropic", List.of("openai", "error", "internal.fields")),
              Map.entry("openai.audio", List.of("openai", "error", "internal.fields")),
              Map.entry("openai.decisions", List.of("openai", "error", "internal.fields")),
              Map.entry("encoder", List.of("openai", "error", "internal.fields")),
              Map.entry("time", List.of()),
              Map.entry("backend", List.of("kserve", "error", "internal.json")),
              Map.entry("observation", List.of("openai")),
              Map.entry("micrometer", List.of("observation", "openai", "resilience")),
              Map.entry("opentelemetry", List.of("observation", "openai")),
              Map.entry(
                  "internal.resilience",
                  List.of("backend", "kserve", "error", "time", "internal.flow")),
              Map.entry(
                  "resilience",
                  List.of(
                      "backend",
                      "kserve",
                      "error",
                      "time",
                      "internal.concurrent",
                      "internal.flow",
                      "internal.resilience")),
              Map.entry("internal.json", List.of("error", "internal.regex")),
              Map.entry(
                  "internal.json.read",
                  List.of(
                      "openai",
                      "openai.responses",
                      "anthropic",
                      "openai.audio",
                      "openai.decisions",
                      "encoder",
                      "error",
                      "internal.fields",
                      "internal.json")),
              Map.entry(
                  "internal.json.write",
                  List.of(
                      "openai",
                      "openai.responses",
                      "anthropic",
                      "openai.audio",
                      "openai.decisions",
                      "encoder",
                      "internal.json")),
              Map.entry("store", List.of("time")),
              Map.entry(
                  "dialect",
                  List.of(
                      "openai",
                      "openai.audio",
                      "kserve",
                      "backend",
                      "error",
                      "internal.json",
                      "internal.tensor")),
              Map.entry("internal.tensor", List.of("openai", "kserve", "error", "internal.json")),
              Map.entry("internal.text", List.of()),
              Map.entry("internal.literal", List.of("openai", "internal.json", "internal.regex")),
              Map.entry(
                  "chat.format",
                  List.of("openai", "internal.json", "internal.text", "internal.literal")),
              Map.entry(
                  "chat",
                  List.of("chat.format", "openai", "error", "internal.json", "internal.jinja")),
              Map.entry(
                  "internal.model",
                  List.of(
                      "dialect",
                      "chat",
                      "chat.format",
                      "backend",
                      "openai",
                      "kserve",
                      "error",
                      "resilience",
                      "time",
                      "internal.concurrent",
                      "internal.flow",
                      "internal.text")),
              Map.entry(
                  "internal.request.field",
                  List.of(
                      "dialect",
                      "chat",
                      "chat.format",
                      "openai",
                      "error",
                      "resilience",
                      "internal.model",
                      "internal.fields",
                      "internal.json")),
              Map.entry(
                  "internal.request.batch",
                  List.of(
                      "dialect",
                      "backend",
                      "openai",
                      "openai.audio",
                      "error",
                      "resilience",
                      "internal.model",
                      "internal.request.field")),
              Map.entry(
                  "internal.request",
                  List.of(
                      "dialect",
                      "chat",
                      "chat.format",
                      "backend",
                      "openai",
                      "kserve",
                      "error",
                      "observation",
                      "resilience",
                      "internal.model",
                      "internal.regex",
                      "internal.json",
                      "internal.request.field")),
              Map.entry(
                  "internal.answer.call",
                  List.of(
                      "dialect",
                      "backend",
                      "openai",
                      "kserve",
                      "error",
                      "observation",
                      "time",
                      "internal.model",
                      "internal.request",
                      "internal.concurrent",
                      "internal.flow")),
              Map.entry(
                  "internal.answer.text",
                  List.of("dialect", "chat", "kserve", "error", "internal.text")),
              Map.entry(
                  "internal.answer.batch",
                  List.of(
                      "dialect",
                      "chat",
                      "backend",
                      "openai",
                      "openai.audio",
                      "encoder",
                      "kserve",
                      "error",
                      "observation",
                      "resilience",
                      "internal.model",
                      "internal.request.field",
                      "internal.request.batch",
                      "internal.concurrent",
                      "internal.flow",
                      "internal.answer.call",
                      "internal.answer.text")),
              Map.entry(
                  "internal.answer",
                  List.of(
                      "dialect",
                      "chat",
                      "chat.format",
                      "backend",
                      "openai",
                      "kserve",
                      "error",
                      "observation",
                      "resilience",
                      "time",
                      "internal.model",
                      "internal.request",
                      "internal.request.field",
                      "internal.request.batch",
                      "internal.concurrent",
                      "internal.flow",
                      "internal.text",
                      "internal.json",
                      "internal.answer.call",
                      "internal.answer.text",
                      "internal.answer.batch")),
              Map.entry(
                  "internal.tokens",
                  List.of(
                      "chat",
                      "openai",
                      "error",
                      "internal.model",
                      "internal.request",
                      "internal.answer")),
              Map.entry(
                  "internal.responses",
                  List.of(
                      "openai",
                      "openai.responses",
                      "error",
                      "observation",
                      "store",
                      "time",
                      "internal.concurrent",
                      "internal.request",
                      "internal.request.field",
                      "internal.answer",
                      "internal.answer.call",
                      "internal.text",
                      "internal.json",
                      "internal.json.read",
                      "internal.json.write")),
              Map.entry(
                  "internal.messages",
                  List.of(
                      "openai",
                      "anthropic",
                      "error",
                      "observation",
                      "internal.request",
                      "internal.request.field",
                      "internal.answer",
                      "internal.answer.call",
                      "internal.json")),
              Map.entry(
                  "internal.decisions",
                  List.of(
                      "openai",
                      "openai.decisions",
                      "error",
                      "observation",
                      "internal.model",
                      "internal.request",
                      "internal.request.field",
                      "internal.answer",
                      "internal.answer.call")),
              Map.entry("http", List.of("internal.concurrent", "internal.flow", "error")),
              Map.entry(
                  "httpclient", List.of("http", "internal.concurrent", "internal.flow", "error")),
              Map.entry(
                  "internal.http.response",
                  List.of(
                      "http",
                      "dialect",
                      "internal.model",
                      "internal.answer",
                      "internal.answer.call",
                      "internal.answer.batch",
                      "internal.responses",
                      "internal.messages",
                      "internal.json",
                      "internal.json.write",
                      "internal.concurrent",
                      "internal.flow",
                      "openai",
                      "openai.responses",
                      "anthropic",
                      "openai.audio",
                      "time",
                      "error")),
              Map.entry(
                  "internal.http",
                  List.of(
                      "http",
                      "internal.http.response",
                      "internal.model",
                      "internal.request",
                      "internal.request.field",
                      "internal.request.batch",
                      "internal.answer",
                      "internal.answer.call",
                      "internal.answer.batch",
                      "internal.tokens",
                      "internal.responses",
                      "internal.messages",
                      "internal.decisions",
                      "internal.json",
                      "internal.json.read",
                      "internal.json.write",
                      "internal.concurrent",
                      "openai",
                      "openai.responses",
                      "anthropic",
                      "openai.audio",
                      "openai.decisions",
                      "encoder",
                      "backend",
                      "resilience",
                      "time",
                      "error")),
              Map.entry(
                  "testing", List.of("backend", "kserve", "error", "time", "internal.flow"))));

  @Test
  void everyPackageDependsOnlyOnAllowedPackages() {
    for (Map.Entry<String, List<String>> rule : MAY_KNOW.entrySet()) {
      List<String> forbidden = new ArrayList<>(MAY_KNOW.keySet());
      forbidden.removeAll(rule.getValue());
      forbidden.remove(rule.getKey());
      noClasses()
          .that()
          .resideInAPackage(ROOT + "." + rule.getKey())
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(forbidden.stream().map(p -> ROOT + "." + p).toArray(String[]::new))
          .check(MainClasses.ALL);
    }
  }

  @Test
  void noOtherPackageDependsOnThePublicEntryPoint() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT)
        .check(MainClasses.ALL);
  }

  @Test
  void onlyOnePackageDependsOnJackson() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".internal.json..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.fasterxml.jackson..")
        .check(MainClasses.ALL);
  }

  @Test
  void onlyOneClassDependsOnTheOptionalSchemaLibrary() {
    noClasses()
        .that()
        .haveNameNotMatching(".*\\.internal\\.json\\.SchemaValidator(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.networknt..")
        .check(MainClasses.ALL);
  }

  @Test
  void onlyStoresKnowJdbc() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".store")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching(".*\\.store\\.JdbcResponseStore(\\$.*)?")
        .check(MainClasses.ALL);
  }

  @Test
  void onlyOnePackageDependsOnMicrometer() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".micrometer")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..", ROOT + ".micrometer")
        .check(MainClasses.ALL);
  }

  @Test
  void onlyOnePackageDependsOnOpenTelemetry() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".opentelemetry")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.opentelemetry..", ROOT + ".opentelemetry")
        .check(MainClasses.ALL);
  }

  @Test
  void onlyOnePackageDependsOnTheJdksHttpClient() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".httpclient")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net.http..", ROOT + ".httpclient")
        .check(MainClasses.ALL);
  }

  @Test
  void thereAreNoCycles() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(MainClasses.ALL);
  }

  @Test
  void everyPackageHasItsRule() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            Stream.concat(Stream.of(ROOT), MAY_KNOW.keySet().stream().map(p -> ROOT + "." + p))
                .toArray(String[]::new))
        .should()
        .resideInAPackage(ROOT + "..")
        .allowEmptyShould(true)
        .check(MainClasses.ALL);
  }
}
