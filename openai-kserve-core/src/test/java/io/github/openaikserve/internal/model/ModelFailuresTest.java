package io.github.openaikserve.internal.model;

import static io.github.openaikserve.internal.model.ReloadingServer.VLLM_24_04;
import static io.github.openaikserve.internal.model.ReloadingServer.VLLM_25_12;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.testing.ManualScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What failures of a server mean for its models, and how often it is asked about them. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ModelFailuresTest {
  private final ManualScheduler time = new ManualScheduler();
  private final ReloadingServer server = new ReloadingServer();

  @ParameterizedTest
  @EnumSource(
      value = BackendCode.class,
      names = {"UNAVAILABLE", "INTERNAL", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED"})
  void aFailedRefreshKeepsThePreviousDescription(BackendCode code) {
    server.hasVllm("m", VLLM_25_12);
    OpenAiKServe openai = detecting("m");
    assertThat(text(openai)).isEqualTo("from m");
    int descriptions = server.descriptions;
    String explanation = explanation(openai);

    server.failingConfiguration(code);
    time.advance(Duration.ofMinutes(7));

    assertThat(server.descriptions).isGreaterThan(descriptions);
    assertThat(explanation(openai)).isEqualTo(explanation);
    assertThat(text(openai)).isEqualTo("from m");
  }

  @Test
  void aSecondUpgradeRightAfterTheFirstFailsNoRequestEither() {
    server.hasVllm("m", VLLM_25_12);
    OpenAiKServe openai = detecting("m");
    text(openai);
    server.hasVllm("m", VLLM_24_04);
    text(openai);

    server.has("m", "2", List.of("prompt"));
    CompletableFuture<Completion> answer =
        openai.completions().createAsync(r -> r.model("m").prompt("Hi"));
    time.advance(Duration.ofSeconds(2));

    assertThat(answer).isCompletedWithValueMatching(done -> done.text().equals("from m"));
  }

  @Test
  void aRequestThatIsWrongByItselfWaitsForNoQuestionAfterTheFirst() {
    server.hasVllm("m", VLLM_25_12);
    OpenAiKServe openai = detecting("m");
    text(openai);
    server.failing(BackendCode.INVALID_ARGUMENT, "invalid input");
    failure(openai);

    for (int i = 0; i < 20; i++) {
      assertThat(openai.completions().createAsync(r -> r.model("m").prompt("Hi")))
          .isCompletedExceptionally();
    }
  }

  @Test
  void aPartOfAModelThatIsMissingIsNotTheModel() {
    server.hasVllm("m", VLLM_25_12);
    OpenAiKServe openai = detecting("m");
    text(openai);

    server.failing(
        BackendCode.INTERNAL,
        "c_python_backend_utils.TritonModelException: Request for unknown model: 'post' is not found");

    assertThat(failure(openai).status()).isEqualTo(502);
  }

  @Test
  void aModelWithoutVersionsAtOneServerMayBeCalledAgainSoon() {
    server.hasVllm("m", VLLM_25_12);
    OpenAiKServe openai = detecting("m");
    text(openai);

    server.failing(
        BackendCode.UNAVAILABLE, "Request for unknown model: 'm' has no available versions");

    OpenAiException failure = failure(openai);
    assertThat(failure.status()).isEqualTo(503);
    assertThat(failure.retryAfter()).isNotNull();
    server.lists("m", "UNAVAILABLE", "unloaded");
    time.advance(Duration.ofSeconds(2));
    assertThat(failure(openai).status()).isEqualTo(404);
  }

  @Test
  void aServerThatFailedToLoadAModelIsNotReadyForIt() {
    server.lists("m", "UNAVAILABLE", "failed to load: out of memory");
    OpenAiKServe openai = OpenAiKServe.builder(server).scheduler(time).discover(m -> {}).build();

    assertThat(failure(openai).status()).isEqualTo(503);
  }

  @Test
  void manyRefusedCallsAskOnceWhetherTheServerAnswersAnything() {
    server.hasVllm("m", VLLM_25_12);
    OpenAiKServe openai = detecting("m");
    text(openai);
    int before = server.silences;

    server.failing(BackendCode.UNIMPLEMENTED, "decoupled models stream only");
    for (int i = 0; i < 100; i++) {
      failure(openai);
    }

    assertThat(server.silences - before).isLessThan(5);
  }

  @Test
  void aModelThatIsNotDescribedDoesNotDelayTheReadinessOfAnother() {
    server.hasVllm("a", VLLM_25_12);
    OpenAiKServe openai =
        OpenAiKServe.builder(server)
            .scheduler(time)
            .model("a", m -> m.detect(true))
            .model("b", m -> m.detect(true))
            .build();
    openai.completions().create(r -> r.model("a").prompt("Hi"));
    server.describing(CompletableFuture::new);

    assertThat(ready(openai)).isCompletedWithValue(200);
  }

  @Test
  void aServerThatDescribesNothingDelaysReadinessForAShortTime() {
    server.describing(CompletableFuture::new);
    OpenAiKServe openai = detecting("m");

    CompletableFuture<Integer> ready = ready(openai);
    assertThat(ready).isNotDone();
    time.advance(Duration.ofMillis(500));

    assertThat(ready).isCompletedWithValue(503);
  }

  @Test
  void readinessDoesNotAskForEachMissingModel() {
    OpenAiKServe.Builder builder = OpenAiKServe.builder(server).scheduler(time);
    for (int i = 0; i < 20; i++) {
      builder.model("m" + i, m -> m.detect(true));
    }
    server.hasVllm("m0", VLLM_25_12);
    OpenAiKServe openai = builder.build();
    openai.completions().create(r -> r.model("m0").prompt("Hi"));
    int listings = server.listings;

    time.advance(Duration.ofSeconds(2));
    assertThat(ready(openai)).isCompletedWithValue(200);

    assertThat(server.listings).isEqualTo(listings);
  }

  private OpenAiKServe detecting(String model) {
    return OpenAiKServe.builder(server).scheduler(time).model(model, m -> m.detect(true)).build();
  }

  private static String text(OpenAiKServe openai) {
    return openai.completions().create(r -> r.model("m").prompt("Hi")).text();
  }

  private static String explanation(OpenAiKServe openai) {
    return String.valueOf(
        openai
            .completions()
            .explain(CreateCompletionRequest.builder().model("m").prompt("Hi").build()));
  }

  private static OpenAiException failure(OpenAiKServe openai) {
    return catchThrowableOfType(OpenAiException.class, () -> text(openai));
  }

  private static CompletableFuture<Integer> ready(OpenAiKServe openai) {
    return openai
        .httpHandler()
        .handle(new ApiRequest("GET", "/health/ready", Map.of(), new byte[0]))
        .thenApply(ApiResponse::status);
  }
}
