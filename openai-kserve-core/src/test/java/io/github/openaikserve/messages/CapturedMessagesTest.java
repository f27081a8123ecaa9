package io.github.openaikserve.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests as Claude Code really sends them. */
final class CapturedMessagesTest {
  @ParameterizedTest
  @CsvSource({
    "claude-code-stream.json, say hello, Bash",
    "claude-code-tool-result-stream.json, File created successfully, Write",
  })
  void isAnsweredAndNothingOfItIsLost(String file, String said, String tool) throws IOException {
    Api api = Api.writing("<think>Hm.</think>", "Hello!");
    Api.Answer answer =
        api.create(read(file).replace("\"claude-sonnet-4-5\"", "\"m\"").replace("'", "\\u0027"));

    assertThat(answer.types())
        .startsWith("message_start")
        .endsWith("message_delta", "message_stop");
    assertThat(answer.grown("text_delta", "text")).isEqualTo("Hello!");
    assertThat(answer.dropped()).containsExactly("");
    assertThat(api.prompt())
        .contains(said, "\"name\": \"" + tool + "\"")
        .doesNotContain("cc_version");
  }

  private static String read(String file) throws IOException {
    try (InputStream in =
        CapturedMessagesTest.class.getResourceAsStream("/anthropic/requests/" + file)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
