package io.github.openaikserve.opentelemetry;

import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.observation.CallObserver;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A listener that creates a span for each call, named {@code chat {model}} and so on, and
 * propagates its context to the model server. Thread-safe.
 *
 * <p>The parent is the caller's current span if there is one, otherwise the span in the client's
 * headers. A span never contains a prompt or an answer.
 *
 * <p>Attributes at the start: {@code gen_ai.operation.name}, {@code gen_ai.provider.name}, {@code
 * gen_ai.request.model}, {@code gen_ai.response.model} (the model's name at its server), {@code
 * gen_ai.request.stream} of streams, {@code openai_kserve.request_id}. At the end: {@code
 * gen_ai.response.time_to_first_chunk} of streams (seconds), {@code
 * gen_ai.response.finish_reasons}, {@code gen_ai.usage.input_tokens} and {@code .output_tokens};
 * {@code error.type}, {@code server.address} and {@code server.port} of failures, {@code
 * openai_kserve.cancelled}, {@code openai_kserve.dropped_fields}.
 *
 * <p>Source: OpenTelemetry semantic conventions for generative AI (semantic-conventions-genai),
 * spans of client inference and client embeddings.
 */
public final class OpenTelemetryListener implements CallListener {
  private static final String SCOPE = "io.github.openaikserve";

  private final Tracer tracer;
  private final TextMapPropagator propagator;

  /** Creates a listener that uses the tracer and the propagators of {@code openTelemetry}. */
  @SuppressWarnings("exports") // not transitive: the dependency is optional
  public OpenTelemetryListener(OpenTelemetry openTelemetry) {
    Objects.requireNonNull(openTelemetry, "openTelemetry");
    this.tracer = openTelemetry.getTracer(SCOPE);
    this.propagator = openTelemetry.getPropagators().getTextMapPropagator();
  }

  @Override
  public List<String> reads() {
    return List.copyOf(propagator.fields());
  }

  @Override
  public CallObserver start(CallInfo call) {
    String operation = call.kind().operationName();
    Context parent = parent(call);
    SpanBuilder span =
        tracer
            .spanBuilder(operation + " " + call.routeId())
            .setParent(parent)
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute("gen_ai.operation.name", operation)
            .setAttribute("gen_ai.provider.name", "openai_kserve")
            .setAttribute("gen_ai.request.model", call.routeId())
            .setAttribute("openai_kserve.request_id", call.requestId());
    if (call.serverModel() != null) {
      span.setAttribute("gen_ai.response.model", call.serverModel());
    }
    if (call.streamed()) {
      span.setAttribute("gen_ai.request.stream", true);
    }
    return new CallSpan(call, parent.with(span.startSpan()), propagator);
  }

  private Context parent(CallInfo call) {
    Context current = Context.current();
    return Span.fromContext(current).getSpanContext().isValid()
        ? current
        : propagator.extract(current, call, HeadersOfCall.GETTER);
  }

  private enum HeadersOfCall implements TextMapGetter<CallInfo> {
    GETTER;

    /** OpenTelemetry releases before 1.68 require this method; later releases deprecate it. */
    @Override
    @SuppressWarnings("deprecation")
    public Iterable<String> keys(CallInfo call) {
      return call.headers().keySet();
    }

    @Override
    public @Nullable String get(@Nullable CallInfo call, String key) {
      return call == null ? null : call.headers().get(key);
    }
  }
}
