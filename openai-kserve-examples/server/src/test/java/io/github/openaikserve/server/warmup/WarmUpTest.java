package io.github.openaikserve.server.warmup;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WarmUpTest {
  @Test
  void requestsOfEachKindAreAnswered() {
    assertThatCode(() -> WarmUp.run(3, Duration.ofMinutes(1))).doesNotThrowAnyException();
  }

  @Test
  void aModelThatDoesNotAnswerEndsItAfterTheLimit() throws Exception {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String target = "127.0.0.1:" + silent.getLocalPort();

      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> WarmUp.run(3, Duration.ofMillis(1200), target))
          .withMessage("warm-up request failed: no answer within 1200 ms");
    }
  }
}
