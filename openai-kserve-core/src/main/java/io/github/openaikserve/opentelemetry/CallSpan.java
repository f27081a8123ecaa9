package io.github.openaikserve.opentelemetry;

import io.github.openaikserve.observation.CallFailure;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallObserver;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The span of one call. Called by one thread at a time. */
final class CallSpan implements CallObserver {
  private static final AttributeKey<List<String>> FINISH_REASONS =
      AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");
  private static final AttributeKey<List<String>> DROPPED =
      AttributeKey.stringArrayKey("openai_kserve.dropped_fields");
  private static final Pattern HOST_AND_PORT = Pattern.compile("(.+):([0-9]{1,5})");
  private static final double NANOS = 1e9;

  private final Span span;
  private final Context context;
  private final TextMapPropagator propagator;
  private final boolean generates;
  private boolean awaitsChunk;

  CallSpan(CallInfo call, Context context, TextMapPropagator propagator) {
    this.span = Span.fromContext(context);
    this.context = context;
    this.propagator = propagator;
    this.generates = call.kind().generates();
    this.awaitsChunk = call.streamed();
  }

  @Override
  public Map<String, String> metadata() {
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
  public void droppedFields(List<String> fields) {
    span.setAttribute(DROPPED, fields);
  }

  @Override
  public void response(long elapsedNanos) {
    if (awaitsChunk) {
      awaitsChunk = false;
      span.setAttribute("gen_ai.response.time_to_first_chunk", elapsedNanos / NANOS);
    }
  }

  @Override
  public void completed(
      long elapsedNanos, @Nullable CompletionUsage usage, List<FinishReason> finishReasons) {
    if (!finishReasons.isEmpty()) {
      span.setAttribute(FINISH_REASONS, finishReasons.stream().map(FinishReason::value).toList());
    }
    end(usage);
  }

  @Override
  public void failed(long elapsedNanos, CallFailure failure, @Nullable CompletionUsage usage) {
    span.setAttribute("error.type", failure.errorType());
    span.setStatus(StatusCode.ERROR, failure.errorType());
    if (failure.endpoint() != null) {
      setServer(failure.endpoint());
    }
    end(usage);
  }

  private void setServer(String endpoint) {
    Matcher parts = HOST_AND_PORT.matcher(endpoint);
    if (parts.matches()) {
      span.setAttribute("server.address", parts.group(1));
      span.setAttribute("server.port", Long.parseLong(parts.group(2)));
    } else {
      span.setAttribute("server.address", endpoint);
    }
  }

  @Override
  public void cancelled(long elapsedNanos, @Nullable CompletionUsage usage) {
    span.setAttribute("openai_kserve.cancelled", true);
    end(usage);
  }

  private void end(@Nullable CompletionUsage usage) {
    if (usage != null) {
      span.setAttribute("gen_ai.usage.input_tokens", usage.promptTokens());
      if (usage.cachedTokens() != null) {
        span.setAttribute("gen_ai.usage.cache_read.input_tokens", usage.cachedTokens());
      }
      if (generates) {
        span.setAttribute("gen_ai.usage.output_tokens", usage.completionTokens());
        if (usage.reasoningTokens() > 0) {
          span.setAttribute("gen_ai.usage.reasoning.output_tokens", usage.reasoningTokens());
        }
      }
    }
    span.end();
  }
}
