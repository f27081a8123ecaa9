package io.github.openaikserve.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Programs are short, and their page lists all of them. */
final class ProgramsTest {
  private static final int MAX_LINES = 40;

  /** Lines that do not count. */
  static final Predicate<String> NO_CODE =
      Pattern.compile("\\s*(|@Override|(import|package) .*|//.*|/?\\*.*)").asMatchPredicate();

  @Test
  void aProgramIsShort() throws IOException {
    for (Path program : programs()) {
      assertThat(Files.readAllLines(program).stream().filter(NO_CODE.negate()))
          .as(program.toString())
          .hasSizeBetween(5, MAX_LINES);
    }
  }

  @Test
  void thePageListsEveryProgram() throws IOException {
    String page = Files.readString(Path.of("README.md"));

    for (Path program : programs()) {
      boolean elsewhere = // pages of dialects, and the README
          program.toString().contains("/dialects/") || program.endsWith("ReadmeExample.java");
      assertThat(page.contains("](" + program + ")")).as(program.toString()).isEqualTo(!elsewhere);
    }
  }

  private static List<Path> programs() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(""))) {
      List<Path> programs =
          files
              .filter(file -> file.toString().contains("src/main/"))
              .filter(file -> file.toString().matches(".*Example\\.(java|kt)"))
              .sorted()
              .toList();
      assertThat(programs).hasSizeGreaterThan(25);
      return programs;
    }
  }
}
