package io.github.openaikserve.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.ReadinessRule;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.LogCapture;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Readiness of a service over several backends. */
final class ReadinessRuleTest {
  @RegisterExtension private final LogCapture log = new LogCapture(HealthEndpoint.class);

  private final ManualScheduler time = new ManualScheduler();
  private final FakeBackend one = FakeBackend.tokens("a");
  private final FakeBackend two = FakeBackend.tokens("a");

  private OpenAiKServe service(ReadinessRule rule) {
    return OpenAiKServe.builder()
        .scheduler(time)
        .readiness(rule)
        .backendName(one, "gpu-\"1\"")
        .backendName(two, "gpu-2")
        .model("a", m -> m.backend(one).dialect(Dialects.ANYSERVE))
        .model("b", m -> m.backend(two).dialect(Dialects.ANYSERVE))
        .build();
  }

  private static ApiResponse ready(OpenAiKServe service) {
    return service
        .httpHandler()
        .handle(new ApiRequest("GET", "/health/ready", Map.of(), new byte[0]))
        .join();
  }

  @ParameterizedTest
  @CsvSource({
    "ANY,  true,  true,  200",
    "ANY,  true,  false, 200",
    "ANY,  false, false, 503",
    "ALL,  true,  true,  200",
    "ALL,  true,  false, 503",
    "ALL,  false, false, 503",
    "NONE, true,  false, 200",
    "NONE, false, false, 200"
  })
  void theRuleDecidesAndTheBodyNamesEveryBackend(
      ReadinessRule rule, boolean first, boolean second, int status) {
    one.ready(first);
    two.ready(second);

    ApiResponse answer = ready(service(rule));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(Bodies.text(answer))
        .startsWith(status == 200 ? "{\"status\":\"ok\"," : "{\"error\":{\"message\":\"")
        .endsWith(
            "\"backends\":[{\"name\":\"gpu-\\\"1\\\"\",\"ready\":%s,\"models\":%d},{\"name\":\"gpu-2\",\"ready\":%s,\"models\":%d}]}"
                .formatted(first, first ? 1 : 0, second, second ? 1 : 0));
  }

  @Test
  void aChangeIsLoggedOnceHoweverOftenItIsAskedFor() {
    OpenAiKServe service = service(ReadinessRule.ALL);
    for (boolean ready : new boolean[] {true, false, true}) {
      two.ready(ready);
      for (int i = 0; i < 20; i++) {
        time.advance(Duration.ofSeconds(2));
        ready(service);
      }
    }

    assertThat(log.events())
        .extracting(each -> each.getLevel())
        .containsExactly(Level.WARN, Level.INFO);
    assertThat(log.events().get(0).getFormattedMessage())
        .isEqualTo("readiness changed ready=false reason=\"Not every model server is ready.\"");
  }
}
