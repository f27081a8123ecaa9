package io.github.openaikserve.micrometer;

import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.openai.CompletionUsage;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The meters of one kind of call to one model. Thread-safe. */
final class CallMeters {
  /**
   * The value of {@code error.type} without an error: all meters of a name must have the same tags.
   */
  static final String NONE = "none";

  private static final String EMBEDDINGS = "gen_ai.client.embeddings.";
  private static final String INFERENCE = "gen_ai.client.inference.";

  private final MeterRegistry registry;
  private final boolean buckets;
  private final boolean generates;
  private final String prefix;
  private final Tags tags;
  private final AtomicInteger active = new AtomicInteger();
  private final @Nullable Timer firstChunk;
  private final @Nullable Timer outputChunk;
  private final @Nullable Timer outputToken;

  CallMeters(MeterRegistry registry, boolean buckets, Key key) {
    this.registry = registry;
    this.buckets = buckets;
    this.generates = key.kind().generates();
    this.prefix = key.kind() == CallKind.EMBEDDING ? EMBEDDINGS : INFERENCE;
    this.tags = key.tags();
    MicrometerListener.gauge(
        registry, "openai_kserve.calls.active", tags, active, AtomicInteger::get);
    boolean chunks = key.streamed() && generates;
    this.firstChunk =
        chunks ? timer(INFERENCE + "time_to_first_chunk", tags, Buckets.OPERATION) : null;
    this.outputChunk =
        chunks ? timer(INFERENCE + "time_per_output_chunk", tags, Buckets.OPERATION) : null;
    this.outputToken =
        generates ? timer("gen_ai.server.time_per_output_token", tags, Buckets.OUTPUT_TOKEN) : null;
  }

  /**
   * The tag values that identify a set of meters. They have few values, none of which a client can
   * choose.
   */
  record Key(String routeId, @Nullable String serverModel, CallKind kind, boolean streamed) {
    static Key of(CallInfo call) {
      return new Key(call.routeId(), call.serverModel(), call.kind(), call.streamed());
    }

    Tags tags() {
      return Tags.of(
          "gen_ai.operation.name",
          kind.operationName(),
          "gen_ai.provider.name",
          "openai_kserve",
          "gen_ai.request.model",
          routeId,
          "gen_ai.request.stream",
          Boolean.toString(streamed),
          "gen_ai.response.model",
          Objects.requireNonNullElse(serverModel, "unknown"));
    }
  }

  void started() {
    active.incrementAndGet();
  }

  void dropped(List<String> fields) {
    fields.forEach(
        field ->
            registry.counter("openai_kserve.dropped_fields", tags.and("field", field)).increment());
  }

  void firstChunk(long nanos) {
    record(firstChunk, nanos);
  }

  void outputChunk(long nanos) {
    record(outputChunk, nanos);
  }

  void outputToken(long nanos) {
    record(outputToken, nanos);
  }

  private static void record(@Nullable Timer timer, long nanos) {
    if (timer != null) {
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  /**
   * Records the end of a call.
   *
   * @param usage null if unknown, which counts as 0 tokens
   */
  void ended(long nanos, String outcome, String errorType, @Nullable CompletionUsage usage) {
    active.decrementAndGet();
    Tag error = Tag.of("error.type", errorType);
    timer(prefix + "duration", tags.and(error).and("outcome", outcome), Buckets.OPERATION)
        .record(nanos, TimeUnit.NANOSECONDS);
    if (!generates) {
      if (usage != null) {
        tokens("operation.input_tokens", tags).record(usage.promptTokens());
      }
      return;
    }
    int input = usage == null ? 0 : usage.promptTokens();
    int output = usage == null ? 0 : usage.completionTokens();
    count("usage.input_tokens", "unknown", input);
    count("usage.output_tokens", usage == null ? "unknown" : "text", output);
    if (usage != null && usage.cachedTokens() != null) {
      count("usage.cache_read.input_tokens", "unknown", usage.cachedTokens());
    }
    if (usage != null && usage.reasoningTokens() > 0) {
      count("usage.reasoning.output_tokens", "text", usage.reasoningTokens());
    }
    tokens("operation.input_tokens", tags.and(error)).record(input);
    tokens("operation.output_tokens", tags.and(error)).record(output);
  }

  private void count(String name, String modality, int tokens) {
    registry.counter(prefix + name, tags.and("gen_ai.token.modality", modality)).increment(tokens);
  }

  private DistributionSummary tokens(String name, Tags tags) {
    DistributionSummary.Builder builder = DistributionSummary.builder(prefix + name).tags(tags);
    return (buckets ? Buckets.TOKENS.addTo(builder) : builder)
        .baseUnit("tokens")
        .register(registry);
  }

  private Timer timer(String name, Tags tags, Buckets boundaries) {
    Timer.Builder builder = Timer.builder(name).tags(tags);
    return (buckets ? boundaries.addTo(builder) : builder).register(registry);
  }
}
