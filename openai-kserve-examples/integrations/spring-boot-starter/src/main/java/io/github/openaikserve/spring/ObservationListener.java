package io.github.openaikserve.spring;

import io.github.openaikserve.observation.CallFailure;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.SenderContext;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Creates an observation of each call, as a child of the current thread's observation. A tracer's
 * handlers create a span from it, whose headers reach the model server. Thread-safe.
 *
 * <p><b>Source</b> of names: OpenTelemetry semantic conventions for generative AI.
 */
final class ObservationListener implements CallListener {
  static final String NAME = "openai.kserve.call";

  private final ObservationRegistry registry;

  ObservationListener(ObservationRegistry registry) {
    this.registry = registry;
  }

  @Override
  public CallObserver start(CallInfo call) {
    Map<String, String> headers = new HashMap<>();
    var context = new SenderContext<Map<String, String>>(ObservationListener::put);
    context.setCarrier(headers);
    String operation = call.kind().operationName();
    Observation observation =
        Observation.createNotStarted(NAME, () -> context, registry)
            .contextualName(operation + " " + call.routeId())
            .lowCardinalityKeyValue("gen_ai.operation.name", operation)
            .lowCardinalityKeyValue("gen_ai.request.model", call.routeId())
            .lowCardinalityKeyValue("error.type", "none")
            .start();
    return new Observed(observation, Map.copyOf(headers));
  }

  private static void put(@Nullable Map<String, String> carrier, String name, String value) {
    Objects.requireNonNull(carrier).put(name.toLowerCase(Locale.ROOT), value);
  }

  /** The observation of one call. */
  private record Observed(Observation observation, Map<String, String> metadata)
      implements CallObserver {
    @Override
    public void completed(
        long elapsedNanos, @Nullable CompletionUsage usage, List<FinishReason> finishReasons) {
      end(usage);
    }

    @Override
    public void failed(long elapsedNanos, CallFailure failure, @Nullable CompletionUsage usage) {
      observation.lowCardinalityKeyValue("error.type", failure.errorType());
      end(usage);
    }

    @Override
    public void cancelled(long elapsedNanos, @Nullable CompletionUsage usage) {
      observation.lowCardinalityKeyValue("error.type", "cancelled");
      end(usage);
    }

    private void end(@Nullable CompletionUsage usage) {
      if (usage != null) {
        observation
            .highCardinalityKeyValue(
                "gen_ai.usage.input_tokens", Integer.toString(usage.promptTokens()))
            .highCardinalityKeyValue(
                "gen_ai.usage.output_tokens", Integer.toString(usage.completionTokens()));
      }
      observation.stop();
    }
  }
}
