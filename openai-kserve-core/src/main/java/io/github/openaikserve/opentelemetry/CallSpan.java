package io.github.openaikserve.opentelemetry;

import io.github.openaikserve.observation.CallFailure;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The span of one call. Called by one thread at a time. */
final class CallSpan implements CallListener {
  private static final AttributeKey<List<String>> FINISH_REASONS =
      AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");
  private static final AttributeKey<List<String>> DROPPED =
      AttributeKey.stringArrayKey("openai_kserve.dropped_fields");

  private final Span span;
  private final Context context;
  private final TextMapPropagator propagator;

  CallSpan(Span span, Context context, TextMapPropagator propagator) {
    this.span = span;
    this.context = context;
    this.propagator = propagator;
  }

  @Override
  public Map<String, String> metadata(CallInfo call) {
    Map<String, String> headers = new HashMap<>();
    propagator.inject(
        context,
        headers,
        (carrier, name, value) -> {
          if (carrier != null) {
            carrier.put(name.toLowerCase(Locale.ROOT), value);
          }
        });
    return headers;
  }

  @Override
  public void droppedFields(CallInfo call, List<String> fields) {
    span.setAttribute(DROPPED, fields);
  }

  @Override
  public void firstToken(CallInfo call, long nanos) {
    span.addEvent("first_token");
  }

  @Override
  public void usage(CallInfo call, CompletionUsage usage) {
    span.setAttribute("gen_ai.usage.input_tokens", usage.promptTokens());
    span.setAttribute("gen_ai.usage.output_tokens", usage.completionTokens());
  }

  @Override
  public void usageSoFar(CallInfo call, CompletionUsage usage) {
    usage(call, usage);
  }

  @Override
  public void end(CallInfo call, long nanos, List<FinishReason> finishReasons) {
    if (!finishReasons.isEmpty()) {
      span.setAttribute(
          FINISH_REASONS,
          finishReasons.stream().map(reason -> reason.name().toLowerCase(Locale.ROOT)).toList());
    }
    span.end();
  }

  @Override
  public void error(CallInfo call, long nanos, CallFailure failure) {
    String code = failure.code() == null ? failure.type() : failure.code();
    span.setAttribute("error.type", code);
    span.setStatus(StatusCode.ERROR, code);
    span.end();
  }

  @Override
  public void cancelled(CallInfo call, long nanos) {
    span.setAttribute("openai_kserve.cancelled", true);
    span.end();
  }
}
