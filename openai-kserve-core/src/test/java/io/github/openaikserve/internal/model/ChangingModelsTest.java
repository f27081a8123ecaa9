package io.github.openaikserve.internal.model;

import static io.github.openaikserve.internal.model.ReloadingServer.VLLM_24_04;
import static io.github.openaikserve.internal.model.ReloadingServer.VLLM_25_12;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.error.ServerErrors;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testsupport.LogCapture;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that change, vanish and return while they are served. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ChangingModelsTest {
  private static final List<String> OTHER = List.of("prompt");
  private static final Map<String, @Nullable Object> ANY_OBJECT = Map.of("type", "json_object");

  private final ManualScheduler time = new ManualScheduler();
  private final ReloadingServer server = new ReloadingServer();
  @RegisterExtension private final LogCapture log = new LogCapture(DiscoveredModels.class);

  static Stream<Consumer<OpenAiKServe.Builder>> waysToServe() {
    return Stream.of(
        OpenAiKServe.Builder::discover,
        builder -> builder.model("m", m -> m.detect(true)),
        builder -> builder.model("m", Dialects.TRITON_VLLM));
  }

  @ParameterizedTest
  @MethodSource("waysToServe")
  void aRollBackAndAnUpgradeAreFollowedWithoutAFailedRequest(Consumer<OpenAiKServe.Builder> way) {
    OpenAiKServe openai = serving(way);
    server.hasVllm("m", VLLM_25_12);
    assertThat(text(openai)).isEqualTo("from m");

    for (List<String> release : List.of(VLLM_24_04, VLLM_25_12, VLLM_24_04)) {
      server.hasVllm("m", release);
      time.advance(Duration.ofSeconds(2));
      for (int i = 0; i < 10; i++) {
        assertThat(text(openai)).isEqualTo("from m");
      }
    }

    assertThat(server.refusals).as("calls of the first roll-back").isEqualTo(1);
  }

  @Test
  void aModelThatIsReloadedWithOtherTensorsUnderTrafficFailsNoRequest() {
    OpenAiKServe openai = serving(OpenAiKServe.Builder::discover);
    server.hasVllm("m", VLLM_25_12);
    text(openai);
    server.holding();
    List<CompletableFuture<Completion>> running =
        IntStream.range(0, 50).mapToObj(i -> ask(openai)).toList();

    server.has("m", "2", OTHER).release();

    assertThat(running).allMatch(CompletableFuture::isDone);
    assertThat(running.stream().filter(CompletableFuture::isCompletedExceptionally)).isEmpty();
    assertThat(text(openai)).isEqualTo("from m");
    assertThat(server.refusals).isEqualTo(50);
    time.advance(Duration.ofSeconds(10));
    assertThat(server.descriptions).as("detected, and asked again for all of them").isEqualTo(2);
  }

  @Test
  void aStreamIsRepeatedToo() {
    OpenAiKServe openai = serving(OpenAiKServe.Builder::discover);
    server.hasVllm("m", VLLM_25_12);
    text(openai);
    server.hasVllm("m", VLLM_24_04);

    var reader = new TestSubscriber<Completion>(Long.MAX_VALUE);
    openai.completions().streamAsync(r -> r.model("m").prompt("Hi")).subscribe(reader);

    assertThat(reader.items()).extracting(Completion::text).contains("from m");
    assertThat(reader.isCompleted()).isTrue();
    assertThat(server.refusals).isEqualTo(1);
  }

  @Test
  void anUpgradeThatNoRequestFailsOfIsSeenWithinMinutes() {
    OpenAiKServe openai = serving(OpenAiKServe.Builder::discover);
    server.hasVllm("m", VLLM_24_04);
    text(openai);
    assertThatThrownBy(() -> json(openai)).isInstanceOf(OpenAiException.class);

    server.hasVllm("m", VLLM_25_12);
    time.advance(Duration.ofMinutes(6));

    assertThat(json(openai)).isEqualTo("from m");
  }

  @Test
  void aChangeOfTheIndexIsAReasonToAskAgain() {
    OpenAiKServe openai = serving(OpenAiKServe.Builder::discover);
    server.hasVllm("m", VLLM_24_04);
    text(openai);

    server.has("m", "2", VLLM_25_12);
    time.advance(Duration.ofSeconds(2));
    assertThat(names(openai)).containsExactly("m");

    assertThat(json(openai)).isEqualTo("from m");
    assertThat(server.descriptions).isEqualTo(2);
  }

  @Test
  void theIndexIsReadEveryMinuteWithoutARequest() {
    OpenAiKServe openai = serving(OpenAiKServe.Builder::discover);
    server.hasVllm("m", VLLM_24_04);
    text(openai);

    time.advance(Duration.ofMinutes(10));

    assertThat(server.listings).isBetween(8, 12);
    assertThat(server.descriptions).isBetween(2, 3);
  }

  @Test
  void aStormOfErrorsAsksOnceASecondAtMost() {
    OpenAiKServe openai = serving(OpenAiKServe.Builder::discover);
    server.hasVllm("m", VLLM_25_12);
    text(openai);
    server.describing(() -> CompletableFuture.completedFuture(described(VLLM_25_12)));
    server.hasVllm("m", List.of("what", "the", "metadata", "do", "not", "declare", "at", "all"));

    List<CompletableFuture<Completion>> failing = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      failing.add(ask(openai));
      time.advance(Duration.ofMillis(10));
    }
    time.advance(Duration.ofSeconds(2));

    assertThat(failing).allMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(server.descriptions).as("in twelve seconds").isBetween(8, 13);
  }

  @Test
  void aChangeJustAfterAnUnfoundedDoubtFailsNoRequest() {
    OpenAiKServe openai = serving(OpenAiKServe.Builder::discover);
    server.hasVllm("m", VLLM_25_12);
    text(openai);
    server.failing(BackendCode.INVALID_ARGUMENT, "the input 1 of request 17 is odd");
    assertThat(failure(openai)).hasMessageContaining("is odd");

    server.answeringAgain().hasVllm("m", VLLM_24_04);
    List<CompletableFuture<Completion>> asked =
        IntStream.range(0, 10).mapToObj(i -> ask(openai)).toList();
    assertThat(asked).as("they wait for the next question").noneMatch(CompletableFuture::isDone);
    time.advance(Duration.ofMillis(1200)); // questions are a second apart, with a jitter

    assertThat(asked).allMatch(CompletableFuture::isDone);
    assertThat(asked).noneMatch(CompletableFuture::isCompletedExceptionally);
  }

  @Test
  void failuresOfTheSameKindAsAnUnfoundedDoubtDoNotWait() {
    OpenAiKServe openai = serving(OpenAiKServe.Builder::discover);
    server.hasVllm("m", VLLM_25_12);
    text(openai);

    for (int i = 0; i < 20; i++) {
      server.failing(
          BackendCode.INVALID_ARGUMENT,
          "[request id: req_%s] input %d is odd".formatted(Integer.toHexString(i + 10), i));
      assertThat(ask(openai)).isDone();
    }
    assertThat(server.descriptions).as("detected, and asked again once").isEqualTo(2);
  }

  private static Optional<ModelMetadata> described(List<String> inputs) {
    var other = new ReloadingServer().hasVllm("m", inputs);
    return other.modelMetadata("m", "").toCompletableFuture().join();
  }

  @Test
  void requestsThatFailTogetherShareOneQuestionAndAnUnansweredOneHoldsThemForASecond() {
    OpenAiKServe openai = serving(OpenAiKServe.Builder::discover);
    server.hasVllm("m", VLLM_25_12);
    text(openai);
    server.hasVllm("m", VLLM_24_04).describing(CompletableFuture::new);

    List<CompletableFuture<Completion>> asked =
        IntStream.range(0, 100).mapToObj(i -> ask(openai)).toList();
    assertThat(asked).noneMatch(CompletableFuture::isDone);
    time.advance(Duration.ofSeconds(2));

    assertThat(asked).allMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(server.descriptions).isEqualTo(2);
    server.describingAgain();
    time.advance(Duration.ofSeconds(12));
    assertThat(text(openai)).isEqualTo("from m");
  }

  static Stream<Supplier<CompletionStage<Optional<ModelMetadata>>>> failures() {
    return Stream.of(
        () ->
            CompletableFuture.failedFuture(
                new BackendException(BackendCode.UNAVAILABLE, "nobody listens")),
        () -> CompletableFuture.failedFuture(new IllegalStateException("closed")),
        () -> {
          throw new LinkageError("a library is missing");
        },
        () -> null,
        CompletableFuture::new,
        () -> CompletableFuture.completedFuture(Optional.empty()));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void theLastDescriptionServesUntilTheNextOneArrives(
      Supplier<CompletionStage<Optional<ModelMetadata>>> failure) {
    OpenAiKServe openai = serving(OpenAiKServe.Builder::discover);
    server.hasVllm("m", VLLM_24_04);
    text(openai);
    server.describing(failure);

    for (int i = 0; i < 20; i++) {
      time.advance(Duration.ofMinutes(1));
      assertThat(text(openai)).isEqualTo("from m");
    }
    int asked = server.descriptions;
    assertThat(asked).as("with pauses of a minute at most").isBetween(12, 40);
    server.hasVllm("m", VLLM_25_12).describingAgain();
    time.advance(Duration.ofMinutes(2));

    assertThat(json(openai)).isEqualTo("from m");
  }

  @ParameterizedTest
  @MethodSource("waysToServe")
  void anUnloadedModelIsNotFoundAtOnceAndServedAgainAtOnce(Consumer<OpenAiKServe.Builder> way) {
    OpenAiKServe openai = serving(way);
    server.hasVllm("m", VLLM_25_12);
    text(openai);

    server.lists("m", "UNAVAILABLE", "unloaded");
    OpenAiException refusal = failure(openai);
    assertThat(refusal.status()).isEqualTo(404);
    assertThat(refusal.code()).isEqualTo("model_not_found");
    time.advance(Duration.ofSeconds(2));
    assertThat(names(openai)).isEmpty();

    server.hasVllm("m", VLLM_24_04);
    time.advance(Duration.ofSeconds(1)); // a list is valid for that long
    assertThat(text(openai)).isEqualTo("from m");
    time.advance(Duration.ofSeconds(2));
    assertThat(names(openai)).containsExactly("m");
  }

  @ParameterizedTest
  @MethodSource("waysToServe")
  void aModelThatIsLoadingIsWorthAnotherTry(Consumer<OpenAiKServe.Builder> way) {
    OpenAiKServe openai = serving(way);
    server.hasVllm("m", VLLM_25_12);
    text(openai);

    server.lists("m", "LOADING", "");
    OpenAiException refusal = failure(openai);
    time.advance(Duration.ofMinutes(2));
    OpenAiException later = failure(openai);

    assertThat(List.of(refusal, later))
        .allSatisfy(
            failure -> {
              assertThat(failure.status()).isEqualTo(503);
              assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(2));
            });
  }

  @Test
  void aModelThatNeverExistedIsNeitherFoundNorListed() {
    OpenAiKServe openai =
        serving(b -> b.model("m", m -> m.detect(true)).model("n", Dialects.TRITON_VLLM));
    server.hasVllm("other", VLLM_25_12);

    for (String model : List.of("m", "n")) {
      var refusal =
          catchThrowableOfType(
              OpenAiException.class,
              () -> openai.completions().create(r -> r.model(model).prompt("Hi")));
      assertThat(refusal.status()).isEqualTo(404);
      assertThat(refusal.code()).isEqualTo("model_not_found");
    }
    assertThat(names(openai)).isEmpty();
    assertThatThrownBy(() -> openai.models().retrieve("n")).isInstanceOf(OpenAiException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aModelOfAServerThatReportsNothingIsRestartingForSomeMinutes(boolean ready) {
    server.withoutIndex().withoutMetadata().hasVllm("m", VLLM_25_12);
    OpenAiKServe openai = serving(b -> b.model("m", Dialects.TRITON_VLLM));
    text(openai);

    server.removes("m").ready(Optional.of(ready));
    assertThat(failure(openai).status()).isEqualTo(503);
    assertThat(failure(openai).retryAfter()).isPositive();
    time.advance(Duration.ofMinutes(10));
    assertThat(failure(openai).status()).isEqualTo(ready ? 404 : 503);

    server.ready(Optional.of(true)).hasVllm("m", VLLM_25_12);
    assertThat(text(openai)).isEqualTo("from m");
  }

  @Test
  void aServerThatAnswersNoQuestionMayServeUnderAnotherName() {
    InferenceBackend elsewhere =
        call ->
            Publishers.error(
                ServerErrors.of(
                    BackendCode.UNIMPLEMENTED, "Method not found: inference.Other/ModelInfer"));
    OpenAiKServe openai =
        OpenAiKServe.builder(elsewhere)
            .scheduler(time)
            .model("m", Dialects.generic("in", "out").build())
            .model("n", m -> m.detect(true))
            .discover()
            .build();

    OpenAiException refusal = failure(openai);

    assertThat(refusal.status()).isEqualTo(502);
    assertThat(refusal).hasMessageContaining("which the backend's 'service' sets");
    assertThat(openai.check())
        .filteredOn(check -> !check.model().equals("m"))
        .hasSize(2)
        .allSatisfy(
            check -> assertThat(check.findings()).singleElement().asString().contains("'service'"));
  }

  @Test
  void anUnimplementedRpcKeepsItsMeaning() {
    server.hasVllm("m", VLLM_25_12);
    InferenceBackend lacking =
        new Decorated(
            server, Publishers.error(ServerErrors.of(BackendCode.UNIMPLEMENTED, "no streams")));
    OpenAiKServe openai =
        OpenAiKServe.builder(lacking).scheduler(time).model("m", Dialects.TRITON_VLLM).build();

    assertThat(failure(openai).status()).isEqualTo(BackendCode.UNIMPLEMENTED.status());
  }

  /** A server of which only the calls end in another way. */
  private record Decorated(InferenceBackend server, Flow.Publisher<InferResponse> answer)
      implements InferenceBackend {
    @Override
    public Flow.Publisher<InferResponse> infer(InferCall call) {
      return answer;
    }

    @Override
    public CompletionStage<Optional<Boolean>> ready() {
      return server.ready();
    }
  }

  @Test
  void aShutdownStopsTheQuestions() {
    OpenAiKServe openai = serving(OpenAiKServe.Builder::discover);
    server.hasVllm("m", VLLM_25_12);
    text(openai);
    assertThat(time.waiting()).isPositive();

    openai.shutdown();
    int asked = server.descriptions + server.listings;
    time.advance(Duration.ofHours(1));

    assertThat(time.waiting()).isZero();
    assertThat(server.descriptions + server.listings).isEqualTo(asked);
  }

  @Test
  void aModelThatIsGoneFromTheListIsNotAskedForAgain() {
    OpenAiKServe openai = serving(OpenAiKServe.Builder::discover);
    server.hasVllm("m", VLLM_25_12);
    text(openai);
    int waiting = time.waiting();
    server.removes("m");
    time.advance(Duration.ofSeconds(2));

    assertThat(names(openai)).isEmpty();

    assertThat(time.waiting()).isEqualTo(waiting - 1);
  }

  private OpenAiKServe serving(Consumer<OpenAiKServe.Builder> way) {
    OpenAiKServe.Builder builder = OpenAiKServe.builder(server).scheduler(time);
    way.accept(builder);
    return builder.build();
  }

  private static CompletableFuture<Completion> ask(OpenAiKServe openai) {
    return openai.completions().createAsync(r -> r.model("m").prompt("Hi"));
  }

  private static String text(OpenAiKServe openai) {
    CompletableFuture<Completion> answer = ask(openai);
    assertThat(answer).isDone();
    return answer.join().text();
  }

  private static String json(OpenAiKServe openai) {
    return openai
        .chatCompletions()
        .create(r -> r.model("m").user("Hi").responseFormat(ANY_OBJECT))
        .text();
  }

  private static OpenAiException failure(OpenAiKServe openai) {
    return catchThrowableOfType(
        OpenAiException.class, () -> openai.completions().create(r -> r.model("m").prompt("Hi")));
  }

  private static List<String> names(OpenAiKServe openai) {
    return openai.models().list().data().stream().map(Model::id).toList();
  }
}
