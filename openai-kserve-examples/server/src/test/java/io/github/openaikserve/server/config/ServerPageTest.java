package io.github.openaikserve.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The server's page and its example configurations match the declared options. */
final class ServerPageTest {
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
  private static final String DIALECT = "models[].dialect.";
  private static final String EMBEDDINGS = "models[].embeddings.";

  /** With this property the generated texts are written: {@code -Dwrite.pages=true}. */
  private static final boolean WRITES = Boolean.getBoolean("write.pages");

  private static final Path SCHEMA = Path.of("config.schema.json");
  private static final Path PAGE = Path.of("docs", "SERVER.md");

  /** Where the pages are that options refer to by name and that are in another module. */
  private static final String CORE = "](../../../openai-kserve-core/docs/";

  static Stream<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/config"))) {
      return files.sorted().toList().stream();
    }
  }

  @Test
  void theTablesOfThePageMatchTheDeclaredOptions() throws IOException {
    String page = page();
    String generated = page;
    for (String prefix : List.of("", DIALECT, EMBEDDINGS)) {
      List<String> others = prefix.isEmpty() ? List.of(DIALECT, EMBEDDINGS) : List.of();
      generated = replaced(generated, prefix, ServerConfig.OPTIONS.manual(prefix, others));
    }
    if (WRITES) {
      Files.writeString(PAGE, generated);
    }
    assertThat(page()).isEqualTo(generated);
  }

  private static String replaced(String page, String prefix, String table) {
    String begin = "<!-- options " + prefix + "* -->\n\n";
    String end = "\n<!-- end -->";
    int from = page.indexOf(begin);
    assertThat(from).as(begin).isNotNegative();
    return page.substring(0, from + begin.length())
        + table.replaceAll("]\\((?=API\\.md|dialects)", CORE)
        + page.substring(page.indexOf(end, from));
  }

  @Test
  void theJsonSchemaMatchesTheDeclaredOptions() throws IOException {
    String schema = ServerConfig.OPTIONS.jsonSchema();
    if (WRITES) {
      Files.writeString(SCHEMA, schema);
    }
    assertThat(Files.readString(SCHEMA)).isEqualTo(schema);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleFitsTheSchema(Path file) throws IOException {
    JsonNode schema = new ObjectMapper().readTree(ServerConfig.OPTIONS.jsonSchema());
    Object yaml = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));

    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema)
                .validate(new ObjectMapper().valueToTree(yaml)))
        .isEmpty();
  }

  @Test
  void theExamplesOnThePageAreRead() throws IOException {
    List<MatchResult> blocks = YAML.matcher(page()).results().toList();

    assertThat(blocks)
        .hasSize(2)
        .allSatisfy(
            block ->
                assertThat(Configuration.parse(Path.of("a"), block.group(1), Map.of()))
                    .isNotNull());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsReadWithoutAnEnvironment(Path file) throws IOException {
    ServerConfig config = Configuration.parse(file, Files.readString(file), Map.of()).values();

    assertThat(config.backends()).isNotEmpty();
    assertThat(config.models().size() + config.discover().size()).isPositive();
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
    return Files.readString(PAGE);
  }
}
