package io.github.openaikserve;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.micrometer.MicrometerListener;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.InputLimits;
import io.github.openaikserve.opentelemetry.OpenTelemetryListener;
import io.github.openaikserve.resilience.CircuitBackend;
import io.github.openaikserve.resilience.CircuitBreaker;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.LimitedBackend;
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
            .model("big", m -> m.dialect(Dialects.ANYSERVE).limit(ConcurrencyLimit.of(8)))
            .build();
    return openai;
  }

  static LimitedBackend llamaCpp(InferenceBackend backend) {
    var worker =
        LimitedBackend.around(
            backend, ConcurrencyLimit.builder().max(1).queue(16).drains().build());
    return worker;
  }

  static CircuitBackend circuit(InferenceBackend backend) {
    var guarded =
        CircuitBackend.around(
            backend,
            CircuitBreaker.builder()
                .consecutiveFailures(5)
                .openFor(Duration.ofSeconds(10))
                .build());
    return guarded;
  }

  static OpenAiKServe listeners(
      LimitedBackend gpu, CircuitBackend guarded, MeterRegistry registry, OpenTelemetry telemetry) {
    var observed =
        OpenAiKServe.builder(guarded)
            .listener(new MicrometerListener(registry).watch("gpu", gpu).watch("gpu", guarded))
            .listener(new OpenTelemetryListener(telemetry))
            .forwardHeaders("x-tenant")
            .model("m", Dialects.ANYSERVE)
            .build();
    return observed;
  }

  static OpenAiKServe input(CircuitBackend guarded) {
    var limits = InputLimits.builder().body(4 << 20).messages(256).tools(64).build();
    var narrow =
        OpenAiKServe.builder(guarded).inputLimits(limits).model("m", Dialects.ANYSERVE).build();
    return narrow;
  }

  static ChatCompletion options(OpenAiKServe openai, CreateChatCompletionRequest request) {
    var options =
        RequestOptions.builder()
            .requestId("order-42")
            .timeout(Duration.ofSeconds(20))
            .header("x-tenant", "acme")
            .build();
    var completion = openai.chatCompletions().create(request, options);
    return completion;
  }
}
