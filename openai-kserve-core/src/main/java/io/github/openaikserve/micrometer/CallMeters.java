package io.github.openaikserve.micrometer;

import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.openai.CompletionUsage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one kind of call to one model. Thread-safe.
 *
 * <p>Each meter is looked up in the registry once, because that takes longer than recording a
 * value. So a filter of the registry has to be added before the first call.
 */
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

  // The tags have few values, which clients cannot choose.
  private final Map<EndKey, Timer> ends = new ConcurrentHashMap<>();
  private final Map<CounterKey, Counter> counters = new ConcurrentHashMap<>();
  private final Map<SummaryKey, DistributionSummary> summaries = new ConcurrentHashMap<>();

  private record EndKey(String outcome, String errorType) {}

  private record CounterKey(String name, String modality) {}

  /** The name of a summary and its tag for errors; null for a summary without this tag. */
  private record SummaryKey(String name, @Nullable String errorType) {}

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
    ends.computeIfAbsent(new EndKey(outcome, errorType), this::duration)
        .record(nanos, TimeUnit.NANOSECONDS);
    if (!generates) {
      if (usage != null) {
        tokens(new SummaryKey("operation.input_tokens", null)).record(usage.promptTokens());
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
    tokens(new SummaryKey("operation.input_tokens", errorType)).record(input);
    tokens(new SummaryKey("operation.output_tokens", errorType)).record(output);
  }

  private Timer duration(EndKey end) {
    Tags ended = tags.and("error.type", end.errorType()).and("outcome", end.outcome());
    return timer(prefix + "duration", ended, Buckets.OPERATION);
  }

  private void count(String name, String modality, int tokens) {
    counters.computeIfAbsent(new CounterKey(name, modality), this::counter).increment(tokens);
  }

  private Counter counter(CounterKey counted) {
    return registry.counter(
        prefix + counted.name(), tags.and("gen_ai.token.modality", counted.modality()));
  }

  private DistributionSummary tokens(SummaryKey measured) {
    return summaries.computeIfAbsent(measured, this::summary);
  }

  private DistributionSummary summary(SummaryKey measured) {
    String error = measured.errorType();
    DistributionSummary.Builder builder =
        DistributionSummary.builder(prefix + measured.name())
            .tags(error == null ? tags : tags.and("error.type", error));
    return (buckets ? Buckets.TOKENS.addTo(builder) : builder)
        .baseUnit("tokens")
        .register(registry);
  }

  private Timer timer(String name, Tags tags, Buckets boundaries) {
    Timer.Builder builder = Timer.builder(name).tags(tags);
    return (buckets ? boundaries.addTo(builder) : builder).register(registry);
  }
}
