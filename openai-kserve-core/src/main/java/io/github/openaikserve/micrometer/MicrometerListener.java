package io.github.openaikserve.micrometer;

import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.Load;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/**
 * A listener that records calls as Micrometer meters. Thread-safe.
 *
 * <p>Timers: {@code gen_ai.client.inference.duration} (of embeddings {@code
 * gen_ai.client.embeddings.duration}) by {@code outcome} and {@code error.type}, {@code
 * gen_ai.client.inference.time_to_first_chunk} and {@code .time_per_output_chunk} of streamed
 * answers, and {@code gen_ai.server.time_per_output_token}, which is recorded once for each
 * complete answer. Tokens: the counters {@code gen_ai.client.inference.usage.input_tokens} and
 * {@code .output_tokens}, of these {@code .cache_read.input_tokens} and {@code
 * .reasoning.output_tokens} where there are any, and the summaries {@code
 * gen_ai.client.inference.operation.input_tokens} and {@code .output_tokens} (of embeddings {@code
 * gen_ai.client.embeddings.operation.input_tokens}). Failed and cancelled calls are recorded too.
 * Others: the gauge {@code openai_kserve.calls.active} and the counter {@code
 * openai_kserve.dropped_fields} by {@code field}.
 *
 * <p>Every meter has the tags {@code gen_ai.operation.name}, {@code gen_ai.provider.name}, {@code
 * gen_ai.request.model}, {@code gen_ai.request.stream} and {@code gen_ai.response.model}. The model
 * is the configured id, never a name sent by a client, so clients cannot create time series.
 *
 * <p>Source: OpenTelemetry semantic conventions for generative AI (semantic-conventions-genai),
 * client inference, client embeddings, token metrics, and model server metrics.
 */
public final class MicrometerListener implements CallListener {
  private final MeterRegistry registry;
  private final boolean buckets;
  private final Map<CallMeters.Key, CallMeters> meters = new ConcurrentHashMap<>();

  /** Creates a listener whose timers and summaries have the buckets of the semantic conventions. */
  @SuppressWarnings("exports") // not transitive: the dependency is optional
  public MicrometerListener(MeterRegistry registry) {
    this(Objects.requireNonNull(registry, "registry"), true);
  }

  private MicrometerListener(MeterRegistry registry, boolean buckets) {
    this.registry = registry;
    this.buckets = buckets;
  }

  /**
   * Returns a listener that records only counts, sums and maxima. This saves about 14 time series
   * for each histogram.
   */
  public MicrometerListener withoutBuckets() {
    return new MicrometerListener(registry, false);
  }

  /**
   * Registers the gauges {@code openai_kserve.limit.running}, {@code .waiting} and {@code .max} for
   * a limit, such as a {@code LimitedBackend}.
   *
   * @param name the value of the tag {@code name}
   */
  public MicrometerListener watch(String name, Load load) {
    Tags tags = Tags.of("name", name);
    gauge(registry, "openai_kserve.limit.running", tags, load, Load::running);
    gauge(registry, "openai_kserve.limit.waiting", tags, load, Load::waiting);
    gauge(registry, "openai_kserve.limit.max", tags, load, Load::max);
    return this;
  }

  /**
   * Registers the meters of a backend's endpoints: the gauges {@code
   * openai_kserve.endpoint.available} and {@code .in_flight}, {@code
   * openai_kserve.circuit_breaker.state} by {@code state} (1 for the current one), and the counters
   * {@code openai_kserve.endpoint.failures} (changes to unavailable), {@code .ejections} and {@code
   * .retries}. Each has the endpoint's address in the tag {@code endpoint}. When an endpoint is
   * removed, its meters are removed too.
   *
   * @param name the value of the tag {@code name}
   */
  public MicrometerListener watch(String name, BalancedBackend backend) {
    backend.addListener(new EndpointMeters(registry, name, backend));
    return this;
  }

  static <T> void gauge(
      MeterRegistry registry, String meter, Tags tags, T watched, ToDoubleFunction<T> value) {
    Gauge.builder(meter, watched, value).tags(tags).strongReference(true).register(registry);
  }

  @Override
  public CallObserver start(CallInfo call) {
    return new CallMeasurement(
        meters.computeIfAbsent(
            CallMeters.Key.of(call), key -> new CallMeters(registry, buckets, key)));
  }
}
