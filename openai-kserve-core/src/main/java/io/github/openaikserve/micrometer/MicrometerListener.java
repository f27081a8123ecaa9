package io.github.openaikserve.micrometer;

import io.github.openaikserve.observation.CallFailure;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.Load;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

/**
 * Counts and times calls. Thread-safe.
 *
 * <p>Meters: {@code gen_ai.server.request.duration} by {@code outcome} and {@code error.type},
 * {@code gen_ai.server.time_to_first_token}, {@code gen_ai.server.time_per_output_token} (between
 * responses), {@code gen_ai.client.token.usage} by {@code gen_ai.token.type} (of calls that failed
 * or were cancelled what was counted by then), {@code openai_kserve.calls.active}, {@code
 * openai_kserve.dropped_fields} by {@code field}; of what is {@link #watch watched}, {@code
 * openai_kserve.limit.running}, {@code .waiting} and {@code .max}, and the meters of endpoints. The
 * model is the route's id, never what a client sends, so there are as many series as there are
 * routes.
 *
 * <p>Source: OpenTelemetry semantic conventions, generative AI metrics (names and attributes).
 */
public final class MicrometerListener implements CallListener {
  static final String NONE = "none";

  private final MeterRegistry registry;
  private final Map<Tags, AtomicInteger> active = new ConcurrentHashMap<>();
  private final Map<Tags, CallMeters> meters = new ConcurrentHashMap<>();

  /** A listener that keeps its meters in a registry. */
  @SuppressWarnings("exports") // transitive, it would be needed by applications without it
  public MicrometerListener(MeterRegistry registry) {
    this.registry = Objects.requireNonNull(registry, "registry");
  }

  /** Shows how busy something is, such as a {@code LimitedBackend}, under a name. */
  public MicrometerListener watch(String name, Load load) {
    Tags tags = Tags.of("name", name);
    gauge("openai_kserve.limit.running", tags, load, Load::running);
    gauge("openai_kserve.limit.waiting", tags, load, Load::waiting);
    gauge("openai_kserve.limit.max", tags, load, Load::max);
    return this;
  }

  /**
   * Shows the endpoints of a backend under a name: the gauges {@code
   * openai_kserve.endpoint.available} and {@code .in_flight}, {@code
   * openai_kserve.circuit_breaker.state} by {@code state} (1 for the current one), and the counters
   * {@code openai_kserve.endpoint.failures} (how often it became unavailable), {@code .ejections}
   * and {@code .retries}. Each has the endpoint's address as {@code endpoint}; the meters of an
   * endpoint that is removed are removed too.
   */
  public MicrometerListener watch(String name, BalancedBackend backend) {
    backend.addListener(new EndpointMeters(registry, name, backend));
    return this;
  }

  private <T> void gauge(String meter, Tags tags, T watched, ToDoubleFunction<T> value) {
    Gauge.builder(meter, watched, value).tags(tags).strongReference(true).register(registry);
  }

  @Override
  public CallListener start(CallInfo call) {
    Tags tags =
        Tags.of(
            "gen_ai.operation.name",
            operation(call),
            "gen_ai.request.model",
            call.routeId(),
            "streamed",
            Boolean.toString(call.streamed()));
    active(tags).incrementAndGet();
    return meters.computeIfAbsent(tags, known -> new CallMeters(this, known));
  }

  private AtomicInteger active(Tags tags) {
    return active.computeIfAbsent(
        tags,
        known -> {
          var count = new AtomicInteger();
          gauge("openai_kserve.calls.active", known, count, AtomicInteger::get);
          return count;
        });
  }

  /** Source: OpenTelemetry semantic conventions, {@code gen_ai.operation.name}. */
  private static String operation(CallInfo call) {
    return switch (call.kind()) {
      case CHAT -> "chat";
      case COMPLETION -> "text_completion";
      case EMBEDDING -> "embeddings";
    };
  }

  void over(Tags tags, long nanos, String outcome, String error) {
    active(tags).decrementAndGet();
    Timer.builder("gen_ai.server.request.duration")
        .tags(tags.and("outcome", outcome, "error.type", error))
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  void dropped(Tags tags, List<String> fields) {
    fields.forEach(
        field ->
            registry.counter("openai_kserve.dropped_fields", tags.and("field", field)).increment());
  }

  Timer timer(String name, Tags tags) {
    return Timer.builder(name).tags(tags).register(registry);
  }

  DistributionSummary tokens(Tags tags, String type) {
    return DistributionSummary.builder("gen_ai.client.token.usage")
        .baseUnit("tokens")
        .tags(tags.and("gen_ai.token.type", type))
        .register(registry);
  }

  static String code(CallFailure failure) {
    return failure.code() == null ? failure.type() : failure.code();
  }
}
