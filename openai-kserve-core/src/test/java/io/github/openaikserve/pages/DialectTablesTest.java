package io.github.openaikserve.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.dialect.ResponseField;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The tables of dialects are generated from the dialects and from the last interoperability run.
 * {@code -Dwrite.pages=true} writes them.
 */
final class DialectTablesTest {
  private static final String DOCS = "openai-kserve-core/docs/dialects/";
  private static final String BEGIN = "<!-- dialects -->\n\n";
  private static final String END = "\n<!-- end -->";
  private static final Pattern RUN = Pattern.compile("(?m)^\\| ([a-z-]+) \\| ([^|]*) \\|.* ok ");

  /** A line of a dialect's page: its server, and its row in the interoperability matrix. */
  private static final Pattern SERVER =
      Pattern.compile("(?m)^<!-- dialect ([a-z-]+): (.+?)(?:; runs as ([a-z-]+))? -->$");

  /** A dialect's server, its page, and its row in the interoperability matrix. */
  private record Server(String name, String page, String run) {}

  @ParameterizedTest
  @CsvSource({"README.md, " + DOCS, DOCS + "README.md, ''"})
  void theTableIsThatOfTheDialects(String file, String folder) throws IOException {
    String page = Page.read(Path.of(file)).text();
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    String generated =
        page.substring(0, begin) + table(folder) + page.substring(page.indexOf(END, begin));
    if (Boolean.getBoolean("write.pages")) {
      Files.writeString(Page.ROOT.resolve(file), generated);
    }
    assertThat(Page.read(Path.of(file)).text()).isEqualTo(generated);
  }

  @Test
  void everyDialectHasALineInItsPage() throws IOException {
    assertThat(servers()).containsOnlyKeys(Dialects.names().toList());
  }

  private static Map<String, Server> servers() throws IOException {
    Map<String, Server> servers = new TreeMap<>();
    try (Stream<Path> files = Files.list(Page.ROOT.resolve(DOCS))) {
      for (Path file : files.toList()) {
        String page = file.getFileName().toString().replace(".md", "");
        SERVER
            .matcher(Files.readString(file))
            .results()
            .forEach(
                row ->
                    servers.put(
                        row.group(1),
                        new Server(
                            row.group(2), page, Objects.requireNonNullElse(row.group(3), ""))));
      }
    }
    return servers;
  }

  /** Returns the names of the dialects. Triton is first: most readers have it. */
  private static List<String> order(Map<String, Server> servers) {
    return Dialects.names()
        .sorted(
            Comparator.comparing(
                name -> !Objects.requireNonNull(servers.get(name)).name().startsWith("Triton")))
        .toList();
  }

  private static String table(String folder) throws IOException {
    Map<String, String> runs = runs();
    Map<String, Server> servers = servers();
    var text = new StringBuilder();
    text.append(
        "| model server | dialect | serves | enforced by the server | usage | runs against |\n");
    text.append("|---|---|---|---|---|---|\n");
    for (String name : order(servers)) {
      Server server = Objects.requireNonNull(servers.get(name));
      Dialect dialect = Dialects.byName(name).orElseThrow();
      String run = runs.getOrDefault(server.run(), "a scripted server");
      text.append(
          "| %s | [`%s`](%s%s.md) | %s | %s | %s | %s |\n"
              .formatted(
                  server.name(),
                  name,
                  folder,
                  server.page(),
                  kinds(dialect),
                  enforced(dialect),
                  dialect.reports(ResponseField.COMPLETION_TOKENS) ? "the server's" : "estimated",
                  run));
    }
    text.append(
        "| any other | [a table of tensors](%sgeneric.md): [OpenVINO](%sopenvino.md), [KServe, TorchServe, Seldon](%sother-servers.md) | what the table has | what the table has | what the table has | "
            .formatted(folder, folder, folder));
    text.append(
        Stream.of("kserve", "torchserve", "mlserver", "triton-own")
            .map(runs::get)
            .map(run -> run == null ? "" : run)
            .collect(Collectors.joining(", ")));
    return text.append(" |\n").toString();
  }

  private static String kinds(Dialect dialect) {
    return Stream.of(RequestKind.values())
        .filter(kind -> dialect.serving(kind).isPresent())
        .map(kind -> kind == RequestKind.CHAT ? "chats" : kind.apiName())
        .collect(Collectors.joining(", "));
  }

  private static String enforced(Dialect dialect) {
    return Stream.of(
            RequestField.MAX_TOKENS,
            RequestField.STOP,
            RequestField.RESPONSE_FORMAT,
            RequestField.LOGPROBS)
        .filter(dialect::carries)
        .map(field -> "`" + field.jsonName() + "`")
        .collect(
            Collectors.collectingAndThen(Collectors.joining(" "), s -> s.isEmpty() ? "none" : s));
  }

  /** Returns what each server of the last run was, if it ran. */
  private static Map<String, String> runs() {
    Map<String, String> runs = new TreeMap<>();
    RUN.matcher(Page.read(Path.of("openai-kserve-examples/interop/MATRIX.md")).text())
        .results()
        .forEach(
            row ->
                runs.putIfAbsent(
                    row.group(1),
                    row.group(2).replaceAll(".*(tritonserver \\S+).*|([^,]*),.*", "$1$2").strip()));
    return runs;
  }
}
