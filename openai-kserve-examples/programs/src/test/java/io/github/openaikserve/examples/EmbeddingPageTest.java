package io.github.openaikserve.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page on embedding shows compiled code and correct numbers. */
final class EmbeddingPageTest {
  private static final Path PAGE = Path.of("../../openai-kserve-core/docs/EMBEDDING.md");
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern EXAMPLE =
      Pattern.compile(
          "^\\| .* \\| \\[\\w+]\\((\\S+\\.(?:java|kt))\\).* \\| (\\d+) \\|$", Pattern.MULTILINE);
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)`");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");

  @Test
  void everyJavaBlockIsPartOfAProgram() throws IOException {
    String program =
        withoutSpace(
            Files.readString(
                Path.of("src/main/java/io/github/openaikserve/examples/InProcessExample.java")));
    List<MatchResult> blocks = JAVA.matcher(Files.readString(PAGE)).results().toList();

    assertThat(blocks).isNotEmpty();
    assertThat(blocks).allMatch(block -> program.contains(withoutSpace(block.group(1))));
  }

  @Test
  void theLinesOfEachExampleAreCounted() throws IOException {
    List<MatchResult> rows = EXAMPLE.matcher(Files.readString(PAGE)).results().toList();

    assertThat(rows).hasSize(12);
    for (MatchResult row : rows) {
      String source = Files.readString(PAGE.resolveSibling(row.group(1)));
      assertThat(lines(source)).as(row.group(1)).isEqualTo(Long.parseLong(row.group(2)));
    }
  }

  @Test
  void everyTestThatThePageNamesExists() throws IOException {
    List<String> named =
        TEST.matcher(Files.readString(PAGE)).results().map(t -> t.group(1)).toList();
    Set<String> tests;
    try (Stream<Path> files = Files.walk(Path.of("..", ".."))) {
      tests =
          files
              .filter(file -> file.toString().contains("src/test/java"))
              .map(file -> file.getFileName().toString().replace(".java", ""))
              .collect(Collectors.toSet());
    }

    assertThat(named).hasSizeGreaterThan(5);
    assertThat(tests).containsAll(named);
  }

  @Test
  void everyHostOfTheProgramsHasARow() throws IOException {
    String page = Files.readString(PAGE);
    try (Stream<Path> files = Files.walk(Path.of(""))) {
      assertThat(
              files
                  .map(Path::toString)
                  .filter(file -> file.matches("[^/]*/src/main/.*Example\\.(java|kt)")))
          .hasSizeGreaterThan(6)
          .allMatch(page::contains);
    }
  }

  @Test
  void everyLinkHasItsTarget() throws IOException {
    assertThat(LINK.matcher(Files.readString(PAGE)).results().map(link -> link.group(1)))
        .isNotEmpty()
        .allMatch(link -> Files.exists(PAGE.resolveSibling(link)));
  }

  private static long lines(String source) {
    return source.lines().filter(ProgramsTest.NO_CODE.negate()).count();
  }

  private static String withoutSpace(String text) {
    return text.replaceAll("\\s+", "");
  }
}
