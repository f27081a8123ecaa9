package io.github.openaikserve.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls as spans of the real SDK. */
final class OpenTelemetryListenerTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final OpenTelemetrySdk sdk =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(spans))
                  .build())
          .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
          .build();

  @AfterEach
  void close() {
    sdk.close();
  }

  private OpenAiKServe openai(FakeBackend backend) {
    return OpenAiKServe.builder(backend)
        .listener(new OpenTelemetryListener(sdk))
        .model("m", Dialects.ANYSERVE)
        .build();
  }

  private SpanData onlySpan() {
    assertThat(spans.getFinishedSpanItems()).hasSize(1);
    return spans.getFinishedSpanItems().get(0);
  }

  @Test
  void aCallIsASpanOfTheConvention() {
    openai(FakeBackend.tokens("a", "b")).chatCompletions().create(r -> r.user("Hi"));

    SpanData span = onlySpan();
    assertThat(span.getName()).isEqualTo("chat m");
    Map<AttributeKey<?>, Object> attributes = span.getAttributes().asMap();
    assertThat(attributes)
        .containsEntry(AttributeKey.stringKey("gen_ai.operation.name"), "chat")
        .containsEntry(AttributeKey.stringKey("gen_ai.provider.name"), "openai_kserve")
        .containsEntry(AttributeKey.stringKey("gen_ai.request.model"), "m")
        .containsEntry(AttributeKey.stringKey("gen_ai.response.model"), "m")
        .containsEntry(AttributeKey.longKey("gen_ai.usage.output_tokens"), 2L)
        .containsEntry(
            AttributeKey.stringArrayKey("gen_ai.response.finish_reasons"), List.of("stop"))
        .doesNotContainKeys(
            AttributeKey.booleanKey("gen_ai.request.stream"),
            AttributeKey.doubleKey("gen_ai.response.time_to_first_chunk"),
            AttributeKey.stringKey("error.type"));
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void theTokensFromTheCacheAndThoseOfReasoningAreAttributes() {
    CallObserver observer =
        new OpenTelemetryListener(sdk).start(CallInfo.builder("r", "m", CallKind.CHAT).build());
    observer.completed(1, new CompletionUsage(10, 5, false, 3, 8), List.of(FinishReason.STOP));

    assertThat(onlySpan().getAttributes().asMap())
        .containsEntry(AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens"), 8L)
        .containsEntry(AttributeKey.longKey("gen_ai.usage.reasoning.output_tokens"), 3L);
  }

  @Test
  void aStreamHasTheTimeToItsFirstChunkInSeconds() {
    CallObserver observer =
        new OpenTelemetryListener(sdk)
            .start(CallInfo.builder("r", "m", CallKind.CHAT).streamed(true).build());
    observer.response(1_500_000_000L);
    observer.response(2_000_000_000L);
    observer.completed(2_000_000_000L, null, List.of(FinishReason.TOOL_CALLS));

    assertThat(onlySpan().getAttributes().asMap())
        .containsEntry(AttributeKey.booleanKey("gen_ai.request.stream"), true)
        .containsEntry(AttributeKey.doubleKey("gen_ai.response.time_to_first_chunk"), 1.5)
        .containsEntry(
            AttributeKey.stringArrayKey("gen_ai.response.finish_reasons"), List.of("tool_calls"))
        .doesNotContainKey(AttributeKey.longKey("gen_ai.usage.input_tokens"));
  }

  @Test
  void aFailureNamesTheServerThatFailed() {
    var backend =
        BalancedBackend.around(
            "gpu-1:8001", FakeBackend.failing(BackendCode.INTERNAL, "secret words"));
    OpenAiKServe.builder(backend)
        .listener(new OpenTelemetryListener(sdk))
        .model("m", Dialects.ANYSERVE)
        .build()
        .chatCompletions()
        .createAsync(r -> r.user("Hi"));
    backend.close();

    assertThat(onlySpan().getAttributes().asMap())
        .containsEntry(AttributeKey.stringKey("server.address"), "gpu-1")
        .containsEntry(AttributeKey.longKey("server.port"), 8001L);
  }

  @Test
  void aFailureIsAnErrorWithoutItsMessage() {
    openai(FakeBackend.failing(BackendCode.UNAVAILABLE, "secret words"))
        .chatCompletions()
        .createAsync(r -> r.user("Hi"));

    SpanData span = onlySpan();
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(span.getAttributes().get(AttributeKey.stringKey("error.type")))
        .isEqualTo("unavailable");
    assertThat(span.toString()).doesNotContain("secret");
  }

  @Test
  void aCancelledCallEndsItsSpan() {
    CompletableFuture<ChatCompletion> call =
        openai(FakeBackend.answering(c -> ScriptedResponse.of(List.of()).thenHangs()))
            .chatCompletions()
            .createAsync(r -> r.user("Hi"));

    call.cancel(false);

    assertThat(onlySpan().getAttributes().get(AttributeKey.booleanKey("openai_kserve.cancelled")))
        .isTrue();
  }

  @Test
  void theCallersSpanIsTheParentAndTheServerReceivesTheSpanOfTheCall() {
    FakeBackend server = FakeBackend.tokens("a");
    Span caller = sdk.getTracer("test").spanBuilder("caller").startSpan();

    try (Scope scope = caller.makeCurrent()) {
      assertThat(scope).isNotNull();
      openai(server).chatCompletions().create(r -> r.user("Hi"));
    }

    SpanData span = onlySpan();
    assertThat(span.getParentSpanId()).isEqualTo(caller.getSpanContext().getSpanId());
    assertThat(server.calls().get(0).metadata().get("traceparent"))
        .startsWith("00-" + span.getTraceId() + "-" + span.getSpanId());
  }

  @Test
  void anHttpClientsTraceIsContinued() {
    FakeBackend server = FakeBackend.tokens("a");

    openai(server)
        .httpHandler()
        .handle(
            new ApiRequest(
                "POST",
                "/v1/completions",
                Map.of("traceparent", List.of("00-" + TRACE + "-b7ad6b7169203331-01")),
                "{\"prompt\":\"p\"}".getBytes(StandardCharsets.UTF_8)))
        .join();

    SpanData span = onlySpan();
    assertThat(span.getName()).isEqualTo("text_completion m");
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(server.calls().get(0).metadata().get("traceparent"))
        .startsWith("00-" + TRACE + "-" + span.getSpanId());
  }
}
