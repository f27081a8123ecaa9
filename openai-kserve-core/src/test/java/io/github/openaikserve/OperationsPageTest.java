package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The Java code of the pages on operations and resilience is compiled; the tests they name exist.
 */
final class OperationsPageTest {
  private static final Path TESTS = Path.of("src/test/java");
  private static final Path ENDPOINTS =
      Path.of(
          "../openai-kserve-examples/programs/src/main/java/io/github/openaikserve/examples/EndpointsExample.java");
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z]*Test)`");

  @Test
  void everyJavaBlockIsCompiled() throws IOException {
    String compiled =
        withoutSpace(
            Files.readString(TESTS.resolve("io/github/openaikserve/OperationsExample.java"))
                + Files.readString(ENDPOINTS));
    String page = page();
    List<MatchResult> blocks = JAVA.matcher(page).results().toList();

    assertThat(blocks).isNotEmpty().hasSize(page.split("```java", -1).length - 1);
    for (MatchResult block : blocks) {
      assertThat(compiled).contains(withoutSpace(block.group(1)));
    }
  }

  @Test
  void everyTestThatIsNamedIsThere() throws IOException {
    List<String> there = new ArrayList<>();
    for (String module : List.of("core", "grpc", "examples/server", "examples/llamacpp-worker")) {
      try (Stream<Path> files = Files.walk(Path.of("../openai-kserve-" + module).resolve(TESTS))) {
        files.map(file -> file.getFileName().toString().replace(".java", "")).forEach(there::add);
      }
    }

    assertThat(TEST.matcher(page()).results().map(match -> match.group(1)).toList())
        .hasSizeGreaterThan(10)
        .allMatch(there::contains);
  }

  private static String page() throws IOException {
    Path pages = Path.of("../openai-kserve-examples/server/docs");
    return Files.readString(pages.resolve("OPERATIONS.md"))
        + Files.readString(pages.resolve("RESILIENCE.md"));
  }

  private static String withoutSpace(String text) {
    return text.replaceAll("\\s+", "");
  }
}
