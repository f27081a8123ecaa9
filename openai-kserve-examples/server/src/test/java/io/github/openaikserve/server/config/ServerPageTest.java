package io.github.openaikserve.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The server's page and its example configurations say what the readers read. */
final class ServerPageTest {
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z_.\\[\\]]+)` \\|", Pattern.MULTILINE);
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  /** Something for every reader. */
  private static final String EVERYTHING =
      """
      server: {tls: {certificates: a.pem, key: b.pem}, metrics: {port: 1}, limits: {}}
      backends:
        - {name: one, target: "a:1", tls: {}, circuit_breaker: {}, health_check: {}, retries: {}, limit: {max: 1}}
        - {name: two, embedded: true}
      models:
        - id: table
          backend: one
          dialect:
            inputs:
              - {tensor: a, datatype: BYTES, field: prompt}
              - {tensor: b, json: {top_p: top_p}}
            constants: [{tensor: c, datatype: BOOL, value: true}]
            outputs: [{tensor: d, field: text}]
            model_names: {unary: u, stream: s}
          embeddings:
            inputs: [{tensor: a, datatype: BYTES, field: input}]
            outputs: [{tensor: b, field: embedding}]
        - {id: capability, backend: one, dialect: {anyserve: {type: t, stream_type: s}}}
      discover:
        - {backend: one}
      """;

  static Stream<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/config"))) {
      return files.sorted().toList().stream();
    }
  }

  @Test
  void thePageListsEveryKeyAndNoOther() throws IOException {
    Set<String> listed =
        ROW.matcher(page())
            .results()
            .map(row -> row.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(listed).isEqualTo(ConfigFile.knownKeys(EVERYTHING));
  }

  @Test
  void theExampleOnThePageIsRead() throws IOException {
    List<MatchResult> blocks = YAML.matcher(page()).results().toList();

    assertThat(blocks)
        .hasSize(1)
        .allSatisfy(block -> assertThat(ConfigFile.knownKeys(block.group(1))).isNotEmpty());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsReadWithoutAnEnvironment(Path file) {
    ServerConfig config = ConfigFile.read(file, name -> null);

    assertThat(config.backends()).isNotEmpty();
    assertThat(config.models().size() + config.discoveries().size()).isPositive();
  }

  @Test
  void thereIsAnExampleForEachDialect() throws IOException {
    List<String> names =
        examples().map(file -> file.getFileName().toString().replace(".yaml", "")).toList();

    assertThat(names)
        .containsAll(io.github.openaikserve.dialect.Dialects.names().toList())
        .contains("all", "discover", "table");
  }

  private static String page() throws IOException {
    return Files.readString(Path.of("..", "..", ".github", "SERVER.md"));
  }
}
