package io.github.openaikserve.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.CircuitBreakerPolicy;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.EndpointSource;
import io.github.openaikserve.resilience.LimitedBackend;
import io.github.openaikserve.resilience.RetryPolicy;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Calls as meters of a real registry. */
final class MicrometerListenerTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ManualScheduler time = new ManualScheduler();
  private final MicrometerListener listener = new MicrometerListener(registry);

  private OpenAiKServe openai(FakeBackend backend) {
    return OpenAiKServe.builder(backend)
        .listener(listener)
        .model("m", m -> m.dialect(Dialects.ANYSERVE).alias("other"))
        .build();
  }

  @Test
  void callsAreTimedAndTheirTokensCounted() {
    var openai = openai(FakeBackend.tokens("a", "b", "c"));

    openai.chatCompletions().create(r -> r.model("other").user("Hi").seed(1L));

    var duration =
        registry
            .get("gen_ai.client.inference.duration")
            .tags(
                "gen_ai.operation.name",
                "chat",
                "gen_ai.provider.name",
                "openai_kserve",
                "gen_ai.request.model",
                "m",
                "gen_ai.response.model",
                "m",
                "outcome",
                "ok",
                "error.type",
                "none")
            .timer();
    assertThat(duration.count()).isEqualTo(1);
    assertThat(registry.find("gen_ai.client.inference.time_to_first_chunk").timer()).isNull();
    assertThat(tokens("usage.output_tokens")).isEqualTo(3);
    assertThat(summary("output_tokens").totalAmount()).isEqualTo(3);
    assertThat(summary("input_tokens").count()).isEqualTo(1);
    assertThat(registry.get("openai_kserve.dropped_fields").tag("field", "seed").counter().count())
        .isEqualTo(1);
    assertThat(registry.get("openai_kserve.calls.active").gauge().value()).isZero();
  }

  @Test
  void theTimePerOutputTokenIsRecordedOnceForEachAnswerFromItsFirstToItsLastToken() {
    call(server(5, token("a"), token("b"), token("c")));

    Timer perToken = registry.get("gen_ai.server.time_per_output_token").timer();
    assertThat(perToken.count()).isEqualTo(1);
    assertThat(perToken.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(5);
  }

  @Test
  void theTimePerOutputTokenCountsTokensAndNotResponses() {
    InferResponse counted =
        InferResponse.of(
            Tensor.text("text_output", "some words"), Tensor.ints("num_output_tokens", 9));
    var dialect =
        Dialect.builder("counting")
            .input("text_input", Datatype.BYTES, RequestField.PROMPT)
            .output("text_output", ResponseField.TEXT)
            .output("num_output_tokens", ResponseField.COMPLETION_TOKENS)
            .decoupled()
            .build();
    OpenAiKServe.builder(server(34, counted, counted)) // 18 tokens
        .scheduler(time)
        .listener(listener)
        .model("m", dialect)
        .build()
        .chatCompletions()
        .createAsync(r -> r.user("Hi"));
    time.advance(Duration.ofSeconds(1));

    Timer perToken = registry.get("gen_ai.server.time_per_output_token").timer();
    assertThat(perToken.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(2);
  }

  @Test
  void anAnswerInOneResponseHasNoTimePerOutputToken() {
    call(server(5, token("a")));

    assertThat(registry.get("gen_ai.server.time_per_output_token").timer().count()).isZero();
  }

  @Test
  void chunksOfStreamsAreTimed() {
    CallObserver observer =
        listener.start(CallInfo.builder("r", "m", CallKind.CHAT).streamed(true).build());
    for (int millis : List.of(5, 8, 15)) {
      observer.response(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    Timer first = registry.get("gen_ai.client.inference.time_to_first_chunk").timer();
    Timer next = registry.get("gen_ai.client.inference.time_per_output_chunk").timer();
    assertThat(first.count()).isEqualTo(1);
    assertThat(first.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(5);
    assertThat(next.count()).isEqualTo(2);
    assertThat(next.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(10);
  }

  @Test
  void histogramsHaveTheBucketsOfTheConvention() {
    call(server(5, token("a"), token("b")));

    assertThat(seconds("gen_ai.client.inference.duration"))
        .containsExactly(
            0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);
    assertThat(seconds("gen_ai.server.time_per_output_token"))
        .containsExactly(0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5);
    assertThat(summary("output_tokens").takeSnapshot().histogramCounts())
        .extracting(CountAtBucket::bucket)
        .hasSize(14)
        .startsWith(1.0, 4.0, 16.0)
        .endsWith(67_108_864.0);
  }

  @Test
  void histogramsMayBeTurnedOff() {
    OpenAiKServe.builder(FakeBackend.tokens("a"))
        .listener(listener.withoutBuckets())
        .model("m", Dialects.ANYSERVE)
        .build()
        .chatCompletions()
        .create(r -> r.user("Hi"));

    assertThat(seconds("gen_ai.client.inference.duration")).isEmpty();
    assertThat(summary("output_tokens").takeSnapshot().histogramCounts()).isEmpty();
  }

  @Test
  void embeddingsHaveTheirOwnMeters() {
    CallInfo call = CallInfo.builder("r", "e", CallKind.EMBEDDING).build();
    CallObserver observer = listener.start(call);
    observer.response(1);
    observer.completed(2, new CompletionUsage(7, 0, false), List.of());

    assertThat(registry.get("gen_ai.client.embeddings.duration").timer().count()).isEqualTo(1);
    assertThat(
            registry.get("gen_ai.client.embeddings.operation.input_tokens").summary().totalAmount())
        .isEqualTo(7);
    assertThat(registry.getMeters().stream().map(meter -> meter.getId().getName()))
        .noneMatch(name -> name.contains("inference") || name.contains("output"));
  }

  @Test
  void openCallsAreCountedAndCancelledOnesHaveTheirOwnOutcome() {
    var openai = openai(FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs()));
    CompletableFuture<?> call = openai.chatCompletions().createAsync(r -> r.user("Hi"));
    assertThat(registry.get("openai_kserve.calls.active").gauge().value()).isEqualTo(1);

    call.cancel(false);

    assertThat(registry.get("openai_kserve.calls.active").gauge().value()).isZero();
    assertThat(
            registry
                .get("gen_ai.client.inference.duration")
                .tag("outcome", "cancelled")
                .timer()
                .count())
        .isEqualTo(1);
    assertThat(summary("input_tokens").count()).isEqualTo(1);
    assertThat(tokens("usage.input_tokens")).isZero();
  }

  @Test
  void tokensOfCallsThatDidNotCompleteAreCountedToo() {
    openai(
            FakeBackend.answering(
                call -> ScriptedResponse.of(List.of(token("a"), token("b"))).thenHangs()))
        .chatCompletions()
        .createAsync(r -> r.user("Hi"))
        .cancel(false);

    assertThat(tokens("usage.output_tokens")).isEqualTo(2);
    assertThat(registry.get("gen_ai.server.time_per_output_token").timer().count()).isZero();
  }

  @Test
  void tokensFromTheCacheAndOfReasoningAreCountedWhereThereAreAny() {
    CallObserver call = listener.start(CallInfo.builder("r", "m", CallKind.CHAT).build());
    call.completed(1, new CompletionUsage(10, 5, false), List.of(FinishReason.STOP));
    assertThat(registry.find("gen_ai.client.inference.usage.cache_read.input_tokens").counters())
        .isEmpty();

    call = listener.start(CallInfo.builder("r", "m", CallKind.CHAT).build());
    call.completed(1, new CompletionUsage(10, 5, false, 3, 8), List.of(FinishReason.STOP));

    assertThat(tokens("usage.cache_read.input_tokens")).isEqualTo(8);
    assertThat(tokens("usage.reasoning.output_tokens")).isEqualTo(3);
    assertThat(tokens("usage.output_tokens")).isEqualTo(10);
  }

  private static InferResponse token(String text) {
    return InferResponse.of(Tensor.text("token", text));
  }

  private FakeBackend server(int millis, InferResponse... responses) {
    return FakeBackend.answering(
            call -> ScriptedResponse.of(List.of(responses)).every(Duration.ofMillis(millis)))
        .scheduler(time);
  }

  private void call(FakeBackend server) {
    OpenAiKServe.builder(server)
        .scheduler(time)
        .listener(listener)
        .model("m", Dialects.ANYSERVE)
        .build()
        .chatCompletions()
        .createAsync(r -> r.user("Hi"));
    time.advance(Duration.ofSeconds(1));
  }

  private double tokens(String counter) {
    return registry.get("gen_ai.client.inference." + counter).counter().count();
  }

  private DistributionSummary summary(String tokens) {
    return registry.get("gen_ai.client.inference.operation." + tokens).summary();
  }

  private List<Double> seconds(String timer) {
    return Stream.of(registry.get(timer).timer().takeSnapshot().histogramCounts())
        .map(bucket -> bucket.bucket(TimeUnit.MILLISECONDS) / 1000)
        .toList();
  }

  @Test
  void errorsAreCountedByTheirCode() {
    openai(FakeBackend.failing(BackendCode.UNAVAILABLE, "secret words"))
        .chatCompletions()
        .createAsync(r -> r.user("Hi"));

    assertThat(
            registry
                .get("gen_ai.client.inference.duration")
                .tags("outcome", "error", "error.type", "unavailable")
                .timer()
                .count())
        .isEqualTo(1);
    assertThat(registry.getMeters().stream().map(Meter::getId).map(Object::toString))
        .noneMatch(id -> id.contains("secret"));
  }

  @Test
  void clientsMakeNoNewSeries() {
    var openai = openai(FakeBackend.tokens("a"));
    openai.chatCompletions().create(r -> r.model("m").user("Hi"));
    int before = registry.getMeters().size();

    openai.chatCompletions().create(r -> r.model("other").user("Hi"));
    openai.chatCompletions().createAsync(r -> r.model("who-knows").user("Hi"));

    assertThat(registry.getMeters()).hasSize(before);
  }

  @Test
  void limitsAndEndpointsAreShown() {
    var server = FakeBackend.failing(BackendCode.UNAVAILABLE, "gone");
    var balanced =
        BalancedBackend.builder(EndpointSource.of("gpu-1:8001"), endpoint -> server)
            .circuitBreaker(CircuitBreakerPolicy.builder().consecutiveFailures(1).build())
            .retries(RetryPolicy.builder().maxAttempts(2).build())
            .scheduler(new ManualScheduler())
            .build();
    var limited = LimitedBackend.around(balanced, ConcurrencyLimit.of(4));
    listener.watch("gpu", limited).watch("gpu", balanced);
    balanced.ready();
    assertThat(state("closed")).isEqualTo(1);
    assertThat(endpoint("available")).isEqualTo(1);

    OpenAiKServe.builder(limited)
        .model("m", Dialects.ANYSERVE)
        .build()
        .chatCompletions()
        .createAsync(r -> r.user("Hi"));

    assertThat(state("open")).isEqualTo(1);
    assertThat(state("closed")).isZero();
    assertThat(endpoint("available")).isZero();
    assertThat(endpoint("in_flight")).isZero();
    assertThat(registry.get("openai_kserve.endpoint.ejections").counter().count()).isEqualTo(1);
    assertThat(registry.get("openai_kserve.endpoint.retries").counter().count()).isEqualTo(1);
    assertThat(registry.get("openai_kserve.limit.waiting").gauge().value()).isZero();
    assertThat(registry.get("openai_kserve.limit.max").gauge().value()).isEqualTo(4);
  }

  @Test
  void aBackendThatIsClosedRemovesItsOwnMetersOnly() {
    BalancedBackend old = balanced();
    listener.watch("gpu", old);
    old.ready();
    registry.getMeters().forEach(registry::remove);
    BalancedBackend replacing = balanced();
    listener.watch("gpu", replacing);
    replacing.ready();

    old.close();
    assertThat(endpoint("available")).isEqualTo(1);

    replacing.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  private static BalancedBackend balanced() {
    return BalancedBackend.builder(
            EndpointSource.of("gpu-1:8001"),
            endpoint -> FakeBackend.failing(BackendCode.UNAVAILABLE, "gone"))
        .scheduler(new ManualScheduler())
        .build();
  }

  private double state(String state) {
    return registry
        .get("openai_kserve.circuit_breaker.state")
        .tags("endpoint", "gpu-1:8001", "state", state)
        .gauge()
        .value();
  }

  private double endpoint(String meter) {
    return registry
        .get("openai_kserve.endpoint." + meter)
        .tag("endpoint", "gpu-1:8001")
        .gauge()
        .value();
  }
}
