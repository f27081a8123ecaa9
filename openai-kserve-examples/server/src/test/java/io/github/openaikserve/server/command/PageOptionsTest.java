package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.openaikserve.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;

/** Flags, keys, variables and configurations in pages are those that the server reads. */
final class PageOptionsTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final Path DOCS = Path.of("docs");
  private static final Pattern COMMAND =
      Pattern.compile("^.*openai-kserve-server\\.jar(?! --publish).*$", Pattern.MULTILINE);
  private static final Pattern FLAG = Pattern.compile("(?<=[ `])(--[a-z][a-z-]*)");
  private static final Pattern QUOTED = Pattern.compile("`([^`\n]+)`");
  private static final Pattern KEY =
      Pattern.compile(
          "`((?:server|backends\\[]|models\\[]|discover\\[]|routes\\[])\\.[a-z_.\\[\\]]+)`");
  private static final Pattern VARIABLE = Pattern.compile("OPENAI_KSERVE_([A-Z_]*[A-Z])");
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
  private static final Set<String> SECTIONS =
      Set.of("server", "backends", "models", "discover", "routes", "check", "api_keys");

  /** Names that look like keys: attributes of traces, fields of the status, a package. */
  private static final Set<String> NO_KEYS =
      Set.of("server.address", "backends[].endpoints[]", "server.config");

  /** Flags of other programs that these pages mention in text. */
  private static final Set<String> FOREIGN =
      Set.of("--factory", "--host", "--make-archive", "--grpc-header-forward-pattern");

  static Stream<Path> pages() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.toString().matches(".*/(target|node_modules|src)/.*"))
          .sorted()
          .toList()
          .stream();
    }
  }

  static Stream<Path> pagesOfTheServer() throws IOException {
    try (Stream<Path> files = Files.list(DOCS)) {
      return Stream.concat(
          Stream.of(Path.of("README.md"), ROOT.resolve("README.md")),
          files.filter(file -> file.toString().endsWith(".md")).sorted().toList().stream());
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void theFlagsOfACommandExist(Path page) throws IOException {
    Set<String> used = new TreeSet<>();
    for (MatchResult command : results(COMMAND, Files.readString(page))) {
      results(FLAG, command.group()).forEach(flag -> used.add(flag.group(1)));
    }
    assertThat(flags()).containsAll(used);
  }

  @ParameterizedTest
  @MethodSource("pagesOfTheServer")
  void theFlagsInTheTextExist(Path page) throws IOException {
    Set<String> used = new TreeSet<>();
    for (MatchResult quoted : results(QUOTED, Files.readString(page))) {
      if (quoted.group(1).startsWith("--")) {
        results(FLAG, " " + quoted.group(1)).forEach(flag -> used.add(flag.group(1)));
      }
    }
    used.removeAll(FOREIGN);
    assertThat(flags()).containsAll(used);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void theKeysExist(Path page) throws IOException {
    String manual = Files.readString(DOCS.resolve("SERVER.md"));
    assertThat(results(KEY, Files.readString(page)))
        .extracting(key -> key.group(1))
        .filteredOn(key -> !NO_KEYS.contains(key))
        .allMatch(key -> manual.contains("\n| `" + key + "` |"));
  }

  @ParameterizedTest
  @MethodSource("pagesOfTheServer")
  void theVariablesExist(Path page) throws IOException {
    String manual = Files.readString(DOCS.resolve("SERVER.md"));
    assertThat(results(VARIABLE, Files.readString(page)))
        .extracting(variable -> variable.group(1).toLowerCase(Locale.ROOT))
        .allMatch(
            name ->
                flags().contains("--" + name.replace('_', '-'))
                    || manual.contains("\n| `server." + name + "` |"));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void theConfigurationsFitTheSchema(Path page) throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(new ObjectMapper().readTree(ServerConfig.OPTIONS.jsonSchema()));
    for (MatchResult block : results(YAML, Files.readString(page))) {
      Object yaml = new Load(LoadSettings.builder().build()).loadFromString(block.group(1));
      if (yaml instanceof Map<?, ?> map && SECTIONS.containsAll(map.keySet())) {
        String whole =
            map.containsKey("backends")
                ? block.group(1)
                : "backends: [{name: b, target: 'h:1'}]\n" + block.group(1);
        Object all = new Load(LoadSettings.builder().build()).loadFromString(whole);
        assertThat(schema.validate(new ObjectMapper().valueToTree(all))).as(whole).isEmpty();
      }
    }
  }

  private static Set<String> flags() {
    CommandLine root = ServerCommand.commandLine();
    return Stream.concat(Stream.of(root), root.getSubcommands().values().stream())
        .flatMap(command -> command.getCommandSpec().options().stream())
        .flatMap(option -> Stream.of(option.names()))
        .collect(Collectors.toSet());
  }

  private static List<MatchResult> results(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }
}
