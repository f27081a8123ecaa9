package io.github.openaikserve.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.llamacpp.LlamaCppWorker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each program has a section of the page, with its command and its real output. */
final class ProgramPagesTest {
  private static final String COMMAND = "openai-kserve-examples/programs/run ";
  private static final Pattern OUTPUT = Pattern.compile("```text\n(.*?)\n```", Pattern.DOTALL);
  private static LlamaCppWorker worker;

  @BeforeAll
  static void start() throws IOException {
    worker = LlamaCppWorker.builder().start();
  }

  @AfterAll
  static void stop() {
    worker.close();
  }

  static Set<String> programs() {
    return RunProgram.PROGRAMS.keySet();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theSectionOfAProgramHasItsCommandAndItsOutput(String name) throws Exception {
    String section = section(name);
    assertThat(section).contains("\n" + COMMAND + name + "\n").contains("/" + name + ".java)");
    Matcher shown = OUTPUT.matcher(section);
    assertThat(shown.find()).isTrue();

    var bytes = new ByteArrayOutputStream();
    Objects.requireNonNull(RunProgram.PROGRAMS.get(name))
        .run(worker, new PrintStream(bytes, true, StandardCharsets.UTF_8));

    List<String> lines =
        normal(bytes.toString(StandardCharsets.UTF_8).stripTrailing()).lines().toList();
    List<String> expected = normal(shown.group(1)).lines().toList();
    assertThat(lines).hasSameSizeAs(expected);
    for (int i = 0; i < lines.size(); i++) {
      String line = expected.get(i);
      if (line.endsWith(" ...")) {
        assertThat(lines.get(i)).startsWith(line.substring(0, line.length() - " ...".length()));
      } else {
        assertThat(lines.get(i)).isEqualTo(line);
      }
    }
  }

  @Test
  void theProgramsOfOtherModulesHaveASectionWithTheirCommand() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(""))) {
      assertThat(
              files
                  .map(Path::toString)
                  .filter(file -> file.matches("[^/]*/src/main/.*Example\\.(java|kt)")))
          .hasSizeGreaterThan(6)
          .allSatisfy(
              file -> {
                String name = file.replaceAll(".*/|\\.\\w+$", "");
                assertThat(section(name))
                    .contains("\n" + COMMAND + name + " localhost:8000")
                    .contains("](" + file + ")");
              });
    }
  }

  /** Replaces what differs from run to run. */
  private static String normal(String output) {
    return output
        .replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:PORT")
        .replaceAll("\"created\":\\d+", "\"created\":TIME")
        .replaceAll("\"ms\":[\\d.]+", "\"ms\":TIME")
        .replaceAll("req_[0-9a-f]+", "req_ID")
        // The server reports this name a moment later.
        .replaceAll(",\\{\"id\":\"tiny-chat\"[^}]*}", "");
  }

  private static String section(String name) throws IOException {
    String page = Files.readString(Path.of("README.md"));
    int begin = page.indexOf("\n## " + name + "\n");
    assertThat(begin).as(name).isNotNegative();
    return page.substring(begin, page.indexOf("\n## ", begin + 1));
  }
}
