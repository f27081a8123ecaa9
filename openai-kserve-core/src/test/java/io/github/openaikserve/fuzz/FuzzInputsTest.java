package io.github.openaikserve.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The fuzzer repeats earlier findings from a folder with the name of its test method. It ignores a
 * folder with another name.
 */
final class FuzzInputsTest {
  private static final Path FINDINGS =
      Path.of("src/test/resources/io/github/openaikserve/fuzz/HandlerFuzzInputs");

  @Test
  void everyFolderOfFindingsBelongsToATest() throws IOException {
    List<String> tests =
        Arrays.stream(HandlerFuzz.class.getDeclaredMethods())
            .filter(method -> method.isAnnotationPresent(FuzzTest.class))
            .map(method -> method.getName())
            .toList();

    try (Stream<Path> folders = Files.list(FINDINGS)) {
      assertThat(folders.map(folder -> folder.getFileName().toString()))
          .containsExactlyElementsOf(tests);
    }
  }
}
