package io.github.openaikserve.opentelemetry;

import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallListener;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes a span of every call, named {@code chat {model}} and so on, and sends its context along to
 * the model server. Thread-safe.
 *
 * <p>Its parent is the caller's current span, or else what the client's headers tell. The first
 * token is an event in it, the tokens after it are not. No prompt and no answer is in it.
 *
 * <p>Source: OpenTelemetry semantic conventions, generative AI client spans.
 */
public final class OpenTelemetryListener implements CallListener {
  private static final String SCOPE = "io.github.openaikserve";

  private final Tracer tracer;
  private final TextMapPropagator propagator;

  /** A listener that makes its spans, and passes contexts on, as {@code openTelemetry} does. */
  @SuppressWarnings("exports") // transitive, it would be needed by applications without it
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
  public CallListener start(CallInfo call) {
    String operation = operation(call);
    Context parent = parent(call);
    Span span =
        tracer
            .spanBuilder(operation + " " + call.routeId())
            .setParent(parent)
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute("gen_ai.operation.name", operation)
            .setAttribute("gen_ai.provider.name", "openai_kserve")
            .setAttribute("gen_ai.request.model", call.routeId())
            .setAttribute("openai_kserve.request_id", call.requestId())
            .setAttribute("openai_kserve.streamed", call.streamed())
            .startSpan();
    return new CallSpan(span, parent.with(span), propagator);
  }

  private Context parent(CallInfo call) {
    Context current = Context.current();
    return Span.fromContext(current).getSpanContext().isValid()
        ? current
        : propagator.extract(current, call, HeadersOfCall.GETTER);
  }

  /** Source: OpenTelemetry semantic conventions, {@code gen_ai.operation.name}. */
  private static String operation(CallInfo call) {
    return switch (call.kind()) {
      case CHAT -> "chat";
      case COMPLETION -> "text_completion";
      case EMBEDDING -> "embeddings";
    };
  }

  private enum HeadersOfCall implements TextMapGetter<CallInfo> {
    GETTER;

    @Override
    public Iterable<String> keys(CallInfo call) {
      return call.headers().keySet();
    }

    @Override
    public @Nullable String get(@Nullable CallInfo call, String key) {
      return call == null ? null : call.headers().get(key);
    }
  }
}
