package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The architecture page has the table that is enforced, and names classes that exist. */
final class ArchitecturePageTest {
  private static final Path PAGES = Path.of("docs");
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z.]+)` \\|[^|]*\\| ([^|]*) \\|$", Pattern.MULTILINE);
  private static final Pattern PACKAGE = Pattern.compile("`([a-z.]+)`");
  private static final Pattern CLASS = Pattern.compile("`([A-Z][A-Za-z]+)[`.]");
  private static final Pattern BOX = Pattern.compile(">([A-Z][a-z]+[A-Z][A-Za-z]+)[,<.:(]");

  @Test
  void theTableOfPackagesIsTheOneThatIsEnforced() throws IOException {
    Map<String, List<String>> table = new TreeMap<>();
    for (MatchResult row : matches(ROW, page())) {
      table.put(
          row.group(1), matches(PACKAGE, row.group(2)).stream().map(m -> m.group(1)).toList());
    }
    table.remove("openaikserve"); // may know all

    assertThat(table).isEqualTo(DirectionsTest.MAY_KNOW);
  }

  @Test
  void everyClassThatIsNamedExists() throws IOException {
    List<String> named = new ArrayList<>();
    matches(CLASS, page()).forEach(match -> named.add(match.group(1)));
    matches(BOX, Files.readString(PAGES.resolve("architecture.svg")))
        .forEach(match -> named.add(match.group(1)));

    assertThat(named).contains("Router", "MergeProcessor", "InferenceBackend");
    assertThat(classes()).containsAll(named);
  }

  private static List<String> classes() throws IOException {
    List<String> classes = new ArrayList<>();
    for (String module : List.of("core", "grpc")) {
      try (Stream<Path> files = Files.walk(Path.of("../openai-kserve-" + module, "src"))) {
        files.map(file -> file.getFileName().toString().replace(".java", "")).forEach(classes::add);
      }
    }
    return classes;
  }

  private static List<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }

  private static String page() throws IOException {
    return Files.readString(PAGES.resolve("ARCHITECTURE.md"));
  }
}
