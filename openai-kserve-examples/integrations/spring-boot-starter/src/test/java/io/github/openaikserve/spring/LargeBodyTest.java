package io.github.openaikserve.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.WebApplicationType;

/** Bodies that are larger than what Spring's codecs take. */
@Timeout(60)
final class LargeBodyTest {
  @Test
  void aLargePromptIsRead() throws Exception {
    try (var application =
        new RunningApplication(WebApplicationType.REACTIVE, "--server.shutdown=immediate")) {
      String question =
          RunningApplicationContract.QUESTION.replace("Hello", "x".repeat(300 * 1024));

      assertThat(application.post(RunningApplicationContract.PATH, question).statusCode())
          .isEqualTo(200);
    }
  }
}
