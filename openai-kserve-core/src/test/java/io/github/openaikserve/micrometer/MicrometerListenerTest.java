package io.github.openaikserve.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.CircuitBreakerPolicy;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.EndpointSource;
import io.github.openaikserve.resilience.LimitedBackend;
import io.github.openaikserve.resilience.RetryPolicy;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.FakeReply;
import io.github.openaikserve.testing.ManualScheduler;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Calls as meters of a real registry. */
final class MicrometerListenerTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
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
            .get("gen_ai.server.request.duration")
            .tags("gen_ai.operation.name", "chat", "gen_ai.request.model", "m", "outcome", "ok")
            .timer();
    assertThat(duration.count()).isEqualTo(1);
    assertThat(registry.get("gen_ai.server.time_to_first_token").timer().count()).isEqualTo(1);
    assertThat(registry.get("gen_ai.server.time_per_output_token").timer().count()).isEqualTo(3);
    assertThat(
            registry
                .get("gen_ai.client.token.usage")
                .tag("gen_ai.token.type", "output")
                .summary()
                .totalAmount())
        .isEqualTo(3);
    assertThat(registry.get("openai_kserve.dropped_fields").tag("field", "seed").counter().count())
        .isEqualTo(1);
    assertThat(registry.get("openai_kserve.calls.active").gauge().value()).isZero();
  }

  @Test
  void openCallsAreSeenAndCancelledOnesToldApart() {
    var openai = openai(FakeBackend.answering(call -> FakeReply.of(List.of()).thenHangs()));
    CompletableFuture<?> call = openai.chatCompletions().createAsync(r -> r.user("Hi"));
    assertThat(registry.get("openai_kserve.calls.active").gauge().value()).isEqualTo(1);

    call.cancel(false);

    assertThat(registry.get("openai_kserve.calls.active").gauge().value()).isZero();
    assertThat(
            registry
                .get("gen_ai.server.request.duration")
                .tag("outcome", "cancelled")
                .timer()
                .count())
        .isEqualTo(1);
  }

  @Test
  void tokensOfCallsThatDidNotEndAreCountedToo() {
    var token = InferResponse.of(Tensor.text("token", "a"));
    openai(FakeBackend.answering(call -> FakeReply.of(List.of(token, token)).thenHangs()))
        .chatCompletions()
        .createAsync(r -> r.user("Hi"))
        .cancel(false);

    assertThat(
            registry
                .get("gen_ai.client.token.usage")
                .tag("gen_ai.token.type", "output")
                .summary()
                .totalAmount())
        .isEqualTo(2);
  }

  @Test
  void errorsAreCountedByTheirCode() {
    openai(FakeBackend.failing(BackendCode.UNAVAILABLE, "secret words"))
        .chatCompletions()
        .createAsync(r -> r.user("Hi"));

    assertThat(
            registry
                .get("gen_ai.server.request.duration")
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
