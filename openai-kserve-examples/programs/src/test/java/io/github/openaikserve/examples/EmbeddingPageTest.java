package io.github.openaikserve.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the page on embedding shows is compiled, and its numbers are right. */
final class EmbeddingPageTest {
  private static final Path PAGE = Path.of("../../openai-kserve-core/docs/EMBEDDING.md");
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern EXAMPLE =
      Pattern.compile(
          "^\\| .* \\| \\[\\w+]\\((\\S+\\.java)\\).* \\| (\\d+) \\|$", Pattern.MULTILINE);
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

    assertThat(rows).hasSize(8);
    for (MatchResult row : rows) {
      String source = Files.readString(PAGE.resolveSibling(row.group(1)));
      assertThat(lines(source)).as(row.group(1)).isEqualTo(Long.parseLong(row.group(2)));
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
