package io.github.openaikserve.internal.http.response;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.LogCapture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The log lines of failed requests: what they name, and how many there are. */
final class FailureLogTest {
  private final BackendException gone = BackendException.unreachable("refused", null);

  private final ManualScheduler time = new ManualScheduler();
  private final FailureLog failures = new FailureLog(time);
  @RegisterExtension private final LogCapture log = new LogCapture(FailureLog.class);

  @Test
  void aFailedRequestIsOneLineWithItsIdItsModelAndTheEndpoint() throws IOException {
    var gpu = FakeBackend.failing(BackendCode.INTERNAL, "broken");

    String answer = post(BalancedBackend.around("gpu-1:8001", gpu), false);

    assertThat(log.messages())
        .containsExactly(
            "request failed status=502 code=internal request=id-1 model=m endpoint=gpu-1:8001"
                + " reason=\"broken\"");
    assertThat(answer).startsWith("502").doesNotContain("gpu-1");
  }

  @Test
  void aStreamThatFailsAfterItHasBegunIsOneLineToo() throws IOException {
    InferResponse token = InferResponse.of(Tensor.text("token", "a"));
    var gpu =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(List.of(token))
                    .thenFails(new BackendException(BackendCode.INTERNAL, "broken")));

    String answer = post(BalancedBackend.around("gpu-1:8001", gpu), true);

    assertThat(log.messages())
        .containsExactly(
            "request failed status=502 code=internal request=id-1 model=m endpoint=gpu-1:8001"
                + " reason=\"broken\"");
    assertThat(answer).startsWith("200").contains("broken").doesNotContain("gpu-1");
  }

  @Test
  void anInternalErrorNamesTheRequestAndItsModelAndHasItsStackTrace() throws IOException {
    InferenceBackend broken =
        call -> {
          throw new IllegalStateException("a bug");
        };

    String answer = post(broken, false);

    assertThat(log.messages()).containsExactly("internal error request=id-1 model=m");
    assertThat(log.events().get(0).getLevel()).isEqualTo(Level.ERROR);
    assertThat(log.events().get(0).getThrowableProxy().getMessage()).isEqualTo("a bug");
    assertThat(answer).startsWith("500").doesNotContain("a bug");
  }

  @Test
  void mistakesOfCallersAreNotLogged() {
    failures.failed(new InvalidRequestException(404, null, null, "no such model"), "r", "x");
    failures.failed(new BackendException(BackendCode.RESOURCE_EXHAUSTED, "busy"), "r", "m");

    assertThat(log.messages()).isEmpty();
  }

  @Test
  void failuresAlikeAreLoggedOnceASecondWithTheCountOfThoseLeftOut() {
    for (int i = 0; i < 250; i++) {
      failures.failed(gone, "r" + i, "m");
      time.advance(Duration.ofMillis(10));
    }

    assertThat(log.messages())
        .satisfiesExactly(
            line -> assertThat(line).contains("request=r0 ").endsWith("refused.\""),
            line -> assertThat(line).contains("request=r100 ").endsWith("\" suppressed=99"),
            line -> assertThat(line).contains("request=r200 ").endsWith("\" suppressed=99"));
  }

  @Test
  void anotherStatusCodeModelOrEndpointIsLoggedAtOnce() {
    for (int i = 0; i < 2; i++) {
      failures.failed(gone, "r", "m");
      failures.failed(gone, "r", "other");
      failures.failed(gone, "r", null);
      failures.failed(gone.withEndpoint("gpu-1:8001"), "r", "m");
      failures.failed(gone.withEndpoint("gpu-2:8001"), "r", "m");
      failures.failed(new BackendException(BackendCode.DEADLINE_EXCEEDED, "late"), "r", "m");
      failures.failed(new IllegalStateException("a bug"), "r", "m");
      failures.failed(new NullPointerException("another bug"), "r", "m");
    }

    assertThat(log.messages()).hasSize(8);
    assertThat(log.messages().subList(0, 6)).doesNotHaveDuplicates();
  }

  @Test
  void namesThatClientsMakeUpFillNeitherTheLogNorTheMemory() {
    for (int i = 0; i < 10_000; i++) {
      failures.failed(gone, "r", "made up " + i);
    }

    assertThat(log.messages()).hasSize(257);
    time.advance(Duration.ofSeconds(1));
    failures.failed(gone, "r", "after that");
    assertThat(log.messages()).hasSize(258);
  }

  @Test
  void aModelNameWithLineBreaksStaysOnOneLogLine() {
    failures.failed(gone, "r", "a\nrequest failed status=200 " + "x".repeat(1000));

    assertThat(log.messages())
        .singleElement()
        .asString()
        .hasSizeLessThan(400)
        .contains(" model=a?request?failed?status=200?x")
        .doesNotContain("\n");
  }

  @Test
  void theModelIsItsIdWhetherTheRequestUsesAnAliasOrNoName() throws IOException {
    var gone = FakeBackend.failing(BackendCode.UNAVAILABLE, "gone");

    post(gone, "{\"model\":\"alias\",\"prompt\":\"p\"}");
    time.advance(Duration.ofSeconds(1));
    post(gone, "{\"prompt\":\"p\"}");

    assertThat(log.messages()).hasSize(2).allMatch(line -> line.contains(" model=m "));
  }

  private String post(InferenceBackend backend, boolean stream) throws IOException {
    return post(backend, "{\"model\":\"m\",\"prompt\":\"p\",\"stream\":" + stream + "}");
  }

  private String post(InferenceBackend backend, String json) throws IOException {
    var handler =
        OpenAiKServe.builder(backend)
            .scheduler(time)
            .model("m", m -> m.dialect(Dialects.ANYSERVE).alias("alias"))
            .build()
            .httpHandler();
    ApiResponse response =
        handler
            .handle(
                new ApiRequest(
                    "POST",
                    "/v1/completions",
                    Map.of("x-request-id", List.of("id-1")),
                    json.getBytes(StandardCharsets.UTF_8)))
            .join();
    var body = new ByteArrayOutputStream();
    response.body().writeTo(body);
    return response.status() + " " + body.toString(StandardCharsets.UTF_8);
  }
}
