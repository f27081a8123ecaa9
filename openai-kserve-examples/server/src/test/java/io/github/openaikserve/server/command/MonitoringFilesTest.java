package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.grpc.faults.TokenServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Grafana's dashboard and Prometheus' alerts are well formed, and ask for nothing but metrics and
 * labels that a running server exports.
 */
final class MonitoringFilesTest {
  private static final ObjectMapper json = new ObjectMapper();
  private static final Path FOLDER = Path.of("deploy", "monitoring");

  private static final String CONFIG =
      """
      server: {port: 0}
      backends:
        - {name: gpu, target: "TARGET", limit: {max: 4}}
      models:
        - {id: m, backend: gpu, dialect: anyserve, embeddings: anyserve}
      """;

  /** What Prometheus adds to each series, or makes of a histogram. */
  private static final Set<String> ADDED = Set.of("job", "instance", "le");

  private static final Set<String> FUNCTIONS =
      Set.of("sum", "count", "min", "max", "rate", "histogram_quantile");
  private static final Set<String> OPERATORS = Set.of("and", "or", "by");
  private static final Pattern SERIES =
      Pattern.compile("^([a-z_:]+)(?:\\{(.*)})? \\S+$", Pattern.MULTILINE);
  private static final Pattern LABEL = Pattern.compile("(\\w+)(=~|!~|!=|=)\"");
  private static final Pattern BY = Pattern.compile("\\bby \\(([^)]*)\\)");
  private static final Pattern SELECTOR = Pattern.compile("([a-z_:]+)\\{([^}]*)}");
  private static final Pattern FUNCTION = Pattern.compile("\\b([a-z_]+) ?\\(");
  private static final Pattern NAME = Pattern.compile("\\b[a-z_:]{2,}\\b");

  /** Labels by the metric that has them. */
  private static final Map<String, Set<String>> exported = new HashMap<>();

  @BeforeAll
  static void useTheServerAndReadItsMetrics(@TempDir Path folder) throws Exception {
    try (var model = new TokenServer()) {
      Path config =
          Files.writeString(
              folder.resolve("server.yaml"), CONFIG.replace("TARGET", "127.0.0.1:" + model.port()));
      String[] key = {"authorization", "Bearer secret"};
      try (var server =
          new RunningCommand("--config", config.toString(), "--operator-key", "secret")) {
        for (String body :
            List.of("{'prompt':'a','stream':true}", "{'prompt':'a','frequency_penalty':1}")) {
          assertThat(server.post("/v1/completions", body, key).get(20, TimeUnit.SECONDS).body())
              .contains("word");
        }
        assertThat(
                server
                    .post("/v1/embeddings", "{'input':'a'}", key)
                    .get(20, TimeUnit.SECONDS)
                    .body())
            .contains("embedding");
        SERIES
            .matcher(server.get("/metrics", key).body())
            .results()
            .forEach(
                series ->
                    exported
                        .computeIfAbsent(series.group(1), name -> new TreeSet<>(ADDED))
                        .addAll(labels(series.group(2) == null ? "" : series.group(2))));
      }
    }
  }

  @Test
  void everyQueryOfTheDashboardAsksForWhatTheServerExports() throws IOException {
    List<String> queries = new ArrayList<>();
    for (JsonNode panel : dashboard().get("panels")) {
      panel.path("targets").forEach(target -> queries.add(target.get("expr").asText()));
    }

    assertThat(queries).hasSizeGreaterThan(30);
    assertThat(queries).allSatisfy(MonitoringFilesTest::assertAsksForExported);
  }

  @Test
  void theVariablesOfTheDashboardAreLabelsOfMetrics() throws IOException {
    Pattern values = Pattern.compile("label_values\\(([a-z_]+)(?:\\{.*})?, (\\w+)\\)");
    Set<String> names = new HashSet<>();
    for (JsonNode variable : dashboard().at("/templating/list")) {
      names.add(variable.get("name").asText());
      if (variable.get("type").asText().equals("query")) {
        var query = values.matcher(variable.get("definition").asText());
        assertThat(query.matches()).isTrue();
        assertThat(exported.get(query.group(1))).as(query.group(1)).contains(query.group(2));
      }
    }
    Set<String> used = new HashSet<>();
    Pattern.compile("\\$\\{?(\\w+)")
        .matcher(dashboard().get("panels").toString())
        .results()
        .forEach(use -> used.add(use.group(1)));
    used.remove("__rate_interval"); // Grafana's
    assertThat(used).isEqualTo(names);
  }

  @Test
  void thePanelsOfTheDashboardHaveAllFieldsAndDoNotOverlap() throws IOException {
    JsonNode dashboard = dashboard();
    assertThat(dashboard.get("uid").asText()).isEqualTo("openai-kserve");
    assertThat(dashboard.get("schemaVersion").asInt()).isGreaterThanOrEqualTo(38);
    Set<Integer> ids = new HashSet<>();
    Set<List<Integer>> cells = new HashSet<>();
    for (JsonNode panel : dashboard.get("panels")) {
      String title = panel.get("title").asText();
      assertThat(title).isNotBlank();
      assertThat(ids.add(panel.get("id").asInt())).as(title).isTrue();
      assertThat(panel.get("type").asText()).isIn("row", "stat", "timeseries");
      JsonNode at = panel.get("gridPos");
      int right = at.get("x").asInt() + at.get("w").asInt();
      assertThat(right).as(title).isBetween(1, 24);
      for (int x = at.get("x").asInt(); x < right; x++) {
        for (int y = at.get("y").asInt(); y < at.get("y").asInt() + at.get("h").asInt(); y++) {
          assertThat(cells.add(List.of(x, y))).as("%s at %s, %s", title, x, y).isTrue();
        }
      }
      if (!panel.get("type").asText().equals("row")) {
        assertThat(panel.at("/fieldConfig/defaults/unit").asText()).as(title).isNotBlank();
        assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
        assertThat(panel.get("targets")).as(title).isNotEmpty();
        assertThat(stream(panel.get("targets")).map(target -> target.get("refId").asText()))
            .doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void everyAlertAsksForWhatTheServerExportsAndExplainsItself() throws IOException {
    Set<String> names = new HashSet<>();
    for (JsonNode rule : rules()) {
      String name = rule.get("alert").asText();
      assertThat(names.add(name)).as(name).isTrue();
      assertThat(fields(rule))
          .containsExactlyInAnyOrder("alert", "expr", "for", "labels", "annotations");
      assertThat(rule.get("for").asText()).matches("\\d+[sm]");
      assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning", "info");
      assertThat(fields(rule.get("annotations")))
          .containsExactlyInAnyOrder("summary", "description");
      String query = rule.get("expr").asText();
      assertAsksForExported(query);
      Set<String> kept = kept(query);
      Pattern.compile("\\$labels\\.(\\w+)")
          .matcher(rule.get("annotations").toString())
          .results()
          .forEach(label -> assertThat(kept).as(name).contains(label.group(1)));
    }
    assertThat(names).hasSizeGreaterThan(8);
  }

  @Test
  void theAlertOnMissingEndpointsSeesABackendThatHasNone(@TempDir Path folder) throws Exception {
    String expression =
        rules().stream()
            .filter(rule -> rule.get("alert").asText().equals("OpenAiKServeNoEndpoint"))
            .map(rule -> rule.get("expr").asText())
            .findFirst()
            .orElseThrow();
    Path config =
        Files.writeString(
            folder.resolve("server.yaml"), CONFIG.replace("TARGET", "dns:///nowhere.invalid:1"));
    try (var server = new RunningCommand("--config", config.toString())) {
      assertThat(SERIES.matcher(server.get("/metrics").body()).results())
          .filteredOn(series -> String.valueOf(series.group(2)).contains("name=\"gpu\""))
          .extracting(series -> series.group(1))
          .containsAnyElementsOf(plainNames(expression));
    }
  }

  @Test
  void aMistakeIsFound() {
    for (String wrong :
        List.of(
            "rate(openai_kserve_unknown_total[5m])",
            "openai_kserve_http_connections{colour=\"red\"}",
            "sum by (colour) (openai_kserve_http_connections)",
            "summe(openai_kserve_http_connections)",
            "sum(openai_kserve_http_connections")) {
      assertThatThrownBy(() -> assertAsksForExported(wrong))
          .as(wrong)
          .isInstanceOf(AssertionError.class);
    }
  }

  /** Checks names, labels, functions and parentheses; Prometheus checks the rest. */
  private static void assertAsksForExported(String query) {
    Set<String> known = new HashSet<>(ADDED);
    SELECTOR
        .matcher(query)
        .results()
        .forEach(
            selector -> {
              assertThat(exportedLabels(selector.group(1))).containsAll(labels(selector.group(2)));
              known.addAll(exportedLabels(selector.group(1)));
            });
    for (String name : plainNames(query)) {
      known.addAll(exportedLabels(name));
    }
    BY.matcher(query)
        .results()
        .forEach(by -> assertThat(known).as(query).contains(by.group(1).split(", ", -1)));
    assertThat(FUNCTION.matcher(query.replaceAll("\\bby \\(", "")).results())
        .extracting(function -> function.group(1))
        .as(query)
        .isSubsetOf(FUNCTIONS);
    assertThat(query.chars().filter(c -> c == '(').count())
        .as(query)
        .isEqualTo(query.chars().filter(c -> c == ')').count());
  }

  /** Returns the names of metrics without a selector. */
  private static List<String> plainNames(String query) {
    String rest =
        query
            .replaceAll("\\{[^}]*}", "{}")
            .replaceAll("\\[[^]]*]", "")
            .replaceAll(BY.pattern(), "")
            .replaceAll("[a-z_:]+\\{}", "");
    return NAME.matcher(rest)
        .results()
        .map(MatchResult::group)
        .filter(name -> !FUNCTIONS.contains(name) && !OPERATORS.contains(name))
        .toList();
  }

  /** Returns the labels of the series that the query results in. */
  private static Set<String> kept(String query) {
    List<MatchResult> by = BY.matcher(query).results().toList();
    if (!by.isEmpty()) {
      return Set.of(by.get(0).group(1).split(", ", -1));
    }
    return Stream.concat(
            SELECTOR.matcher(query).results().map(selector -> selector.group(1)),
            plainNames(query).stream())
        .map(MonitoringFilesTest::exportedLabels)
        .reduce(
            (first, second) -> {
              Set<String> both = new HashSet<>(first);
              both.retainAll(second);
              return both;
            })
        .orElseThrow();
  }

  private static Set<String> exportedLabels(String metric) {
    if (metric.equals("up")) { // Prometheus' own
      return ADDED;
    }
    Set<String> labels = exported.get(metric);
    if (labels == null) {
      throw new AssertionError(metric + " is none of " + exported.keySet());
    }
    return labels;
  }

  private static Set<String> labels(String selector) {
    Set<String> labels = new HashSet<>();
    LABEL.matcher(selector).results().forEach(label -> labels.add(label.group(1)));
    return labels;
  }

  private static JsonNode dashboard() throws IOException {
    return json.readTree(FOLDER.resolve("grafana-dashboard.json").toFile());
  }

  private static List<JsonNode> rules() throws IOException {
    Path file = FOLDER.resolve("prometheus-rules.yaml");
    var settings = LoadSettings.builder().setLabel(file.toString()).build();
    JsonNode rules = json.valueToTree(new Load(settings).loadFromString(Files.readString(file)));
    return stream(rules.get("groups")).flatMap(group -> stream(group.get("rules"))).toList();
  }

  private static Set<String> fields(JsonNode object) {
    return new HashSet<>(object.propertyStream().map(Map.Entry::getKey).toList());
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
