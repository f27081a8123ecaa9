package io.github.openaikserve.server.limits;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** The meters of one client. Thread-safe. */
final class ClientMeters {
  private static final String PREFIX = "openai_kserve.client.";

  private final MeterRegistry registry;
  private final Tags tags;
  private final List<Meter> meters = new ArrayList<>();
  private final Counter requests;
  private final Map<Limit, Counter> refused = new EnumMap<>(Limit.class);
  private final Counter input;
  private final Counter output;

  ClientMeters(MeterRegistry registry, String client, Supplier<Number> inFlight) {
    this.registry = registry;
    this.tags = Tags.of("client", client);
    requests = counter("requests", tags);
    for (Limit limit : Limit.values()) {
      refused.put(limit, counter("refused", tags.and("limit", limit.value())));
    }
    input = counter("input_tokens", tags);
    output = counter("output_tokens", tags);
    meters.add(Gauge.builder(PREFIX + "in_flight", inFlight).tags(tags).register(registry));
  }

  private Counter counter(String name, Tags all) {
    Counter counter = registry.counter(PREFIX + name, all);
    meters.add(counter);
    return counter;
  }

  void admitted() {
    requests.increment();
  }

  void refused(Limit limit) {
    Objects.requireNonNull(refused.get(limit)).increment();
  }

  void used(long inputTokens, long outputTokens) {
    input.increment((double) inputTokens);
    output.increment((double) outputTokens);
  }

  ClientUsage usage(String name, int inFlight) {
    return new ClientUsage(
        name,
        (long) requests.count(),
        (long) refused.values().stream().mapToDouble(Counter::count).sum(),
        (long) input.count(),
        (long) output.count(),
        inFlight);
  }

  void remove() {
    meters.forEach(registry::remove);
  }
}
