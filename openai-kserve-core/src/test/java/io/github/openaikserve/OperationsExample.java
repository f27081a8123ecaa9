package io.github.openaikserve;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.micrometer.MicrometerListener;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.opentelemetry.OpenTelemetryListener;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.CircuitBreakerPolicy;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.EndpointSource;
import io.github.openaikserve.resilience.HealthCheckPolicy;
import io.github.openaikserve.resilience.LimitedBackend;
import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.resilience.RetryPolicy;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;

/** What the page on operations shows. */
final class OperationsExample {
  private OperationsExample() {}

  static OpenAiKServe limits(InferenceBackend backend) {
    var limit =
        ConcurrencyLimit.builder().max(64).queue(256).maxWait(Duration.ofSeconds(20)).build();
    var gpu = LimitedBackend.around(backend, limit); // shared by all models of this server
    var openai =
        OpenAiKServe.builder(gpu)
            .model(
                "big", m -> m.dialect(Dialects.ANYSERVE).concurrencyLimit(ConcurrencyLimit.of(8)))
            .build();
    return openai;
  }

  static LimitedBackend llamaCpp(InferenceBackend backend) {
    var worker =
        LimitedBackend.around(
            backend, ConcurrencyLimit.builder().max(1).queue(16).holdUntilDone().build());
    return worker;
  }

  static BalancedBackend balanced(InferenceBackend gpu1, InferenceBackend gpu2) {
    var balanced =
        BalancedBackend.builder(
                EndpointSource.of("gpu-1:8001", "gpu-2:8001"),
                endpoint -> endpoint.address().startsWith("gpu-1") ? gpu1 : gpu2)
            .circuitBreaker(CircuitBreakerPolicy.builder().consecutiveFailures(3).build())
            .healthCheck(HealthCheckPolicy.builder().interval(Duration.ofSeconds(10)).build())
            .retries(RetryPolicy.of(2))
            .build();
    return balanced;
  }

  static OpenAiKServe listeners(
      LimitedBackend gpu,
      BalancedBackend balanced,
      MeterRegistry registry,
      OpenTelemetry telemetry) {
    var observed =
        OpenAiKServe.builder(balanced)
            .listener(new MicrometerListener(registry).watch("gpu", gpu).watch("gpu", balanced))
            .listener(new OpenTelemetryListener(telemetry))
            .forwardHeaders("x-tenant")
            .model("m", Dialects.ANYSERVE)
            .build();
    return observed;
  }

  static OpenAiKServe input(BalancedBackend balanced) {
    var limits = RequestLimits.builder().body(4 << 20).messages(256).tools(64).build();
    var narrow =
        OpenAiKServe.builder(balanced).requestLimits(limits).model("m", Dialects.ANYSERVE).build();
    return narrow;
  }

  static ChatCompletion options(OpenAiKServe openai, CreateChatCompletionRequest request) {
    var completion =
        openai
            .with(
                o ->
                    o.requestId("order-42")
                        .timeout(Duration.ofSeconds(20))
                        .header("x-tenant", "acme"))
            .chatCompletions()
            .create(request);
    return completion;
  }
}
