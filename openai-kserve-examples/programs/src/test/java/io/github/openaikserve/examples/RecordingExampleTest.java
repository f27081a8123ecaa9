package io.github.openaikserve.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.llamacpp.LlamaCppWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The code on the pages about recording and discovery is compiled, and recording works. */
final class RecordingExampleTest {
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path directory;

  @Test
  void aRecordedAnswerOfLlamaCppIsReplayedWithoutIt() throws IOException {
    Path file = directory.resolve("story.jsonl");
    String answer;
    try (var worker = LlamaCppWorker.builder().start()) {
      answer = RecordingExample.record("127.0.0.1:" + worker.port(), file);
    }

    assertThat(RecordingExample.replay(file)).isNotEmpty().isEqualTo(answer);
    assertThat(Files.readString(file)).doesNotContain("Tell me a story");
  }

  @ParameterizedTest
  @CsvSource({
    "../../openai-kserve-grpc/docs/RECORDING.md, RecordingExample, 2",
    "../server/docs/DISCOVERY.md, DiscoveryExample, 1",
  })
  void everyJavaBlockIsCompiled(String page, String example, int blocks) throws IOException {
    Path source = Path.of("src/main/java/io/github/openaikserve/examples", example + ".java");
    String compiled = withoutSpace(Files.readString(source));
    List<MatchResult> shown = JAVA.matcher(Files.readString(Path.of(page))).results().toList();

    assertThat(shown).hasSize(blocks);
    for (MatchResult block : shown) {
      assertThat(compiled).contains(withoutSpace(block.group(1)));
    }
  }

  private static String withoutSpace(String text) {
    return text.replaceAll("\\s+", "");
  }
}
