package io.github.openaikserve.server.limits;

import io.github.openaikserve.error.RateLimitException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The usage of one client, and the state of its limits. Thread-safe. */
final class ClientAccount {
  /** The retry delay for a client with too many requests in flight. */
  private static final Duration IN_FLIGHT_WAIT = Duration.ofSeconds(1);

  private final String name;
  private final ClientMeters meters;

  // Guarded by this.
  private @Nullable TokenBucket requests;
  private @Nullable TokenBucket tokens;
  private int inFlight;

  ClientAccount(String name, MeterRegistry registry) {
    this.name = name;
    this.meters = new ClientMeters(registry, name, this::inFlight);
  }

  String name() {
    return name;
  }

  ClientMeters meters() {
    return meters;
  }

  /**
   * Admits a request and takes what it needs from the limits, or refuses it and takes nothing.
   *
   * @param amount the estimated tokens of the request
   */
  synchronized Admission admit(ClientLimits limits, long amount, long now) {
    Admission decision = decide(limits, amount, now);
    if (decision.refusal() != null) {
      return decision;
    }
    if (requests != null) {
      requests.take(1, now);
    }
    if (tokens != null) {
      tokens.take(amount, now);
    }
    inFlight++;
    meters.admitted();
    return new Admission(state(now), null, null);
  }

  /** Returns whether a request of this size would be admitted. Takes nothing from the limits. */
  synchronized Admission decide(ClientLimits limits, long amount, long now) {
    apply(limits, now);
    if (limits.maxInFlight() != null && inFlight >= limits.maxInFlight()) {
      return refusal(
          Limit.IN_FLIGHT,
          "Rate limit reached for %s on concurrent requests: Limit %d, Used %d."
              .formatted(name, limits.maxInFlight(), inFlight),
          IN_FLIGHT_WAIT,
          now);
    }
    if (requests != null && !requests.has(1, now)) {
      return refusal(
          Limit.REQUESTS,
          "requests per min (RPM)",
          requests,
          new Need(1, requests.until(1, now)),
          now);
    }
    if (tokens == null || tokens.has(amount, now)) {
      return new Admission(state(now), null, null);
    }
    if (amount > tokens.capacity()) {
      return refusal(
          Limit.TOKENS,
          "Request too large for %s on tokens per min (TPM): Limit %d, Requested %d. Shorten the prompt or lower the maximum number of tokens."
              .formatted(name, tokens.capacity(), amount),
          null,
          now);
    }
    return refusal(
        Limit.TOKENS,
        "tokens per min (TPM)",
        tokens,
        new Need(amount, tokens.until(amount, now)),
        now);
  }

  /** The amount that a request needs from a bucket, and the delay until the bucket has it. */
  private record Need(long amount, Duration delay) {}

  private Admission refusal(Limit limit, String of, TokenBucket bucket, Need need, long now) {
    long used = bucket.capacity() - bucket.state(now).remaining();
    return refusal(
        limit,
        "Rate limit reached for %s on %s: Limit %d, Used %d, Requested %d. Please try again in %s."
            .formatted(
                name, of, bucket.capacity(), used, need.amount(), RateState.text(need.delay())),
        need.delay(),
        now);
  }

  private Admission refusal(Limit limit, String message, @Nullable Duration wait, long now) {
    String type = limit == Limit.TOKENS ? "tokens" : "requests";
    return new Admission(state(now), limit, new RateLimitException(type, message, wait));
  }

  /** Adapts the buckets to the limits, which may change with the API key file. */
  private void apply(ClientLimits limits, long now) {
    requests = bucket(requests, limits.requestsPerMinute(), now);
    tokens = bucket(tokens, limits.tokensPerMinute(), now);
  }

  private static @Nullable TokenBucket bucket(
      @Nullable TokenBucket old, @Nullable Integer limit, long now) {
    if (limit == null) {
      return null;
    }
    return old != null && old.capacity() == limit ? old : new TokenBucket(limit, now);
  }

  private RateState state(long now) {
    return new RateState(
        requests == null ? null : requests.state(now), tokens == null ? null : tokens.state(now));
  }

  /** Replaces the estimate of a request by the tokens that it has used. */
  synchronized void correct(long estimate, long used, long now) {
    if (tokens != null) {
      tokens.take(used - estimate, now);
    }
  }

  synchronized void end() {
    inFlight--;
  }

  synchronized int inFlight() {
    return inFlight;
  }

  ClientUsage usage() {
    return meters.usage(name, inFlight());
  }
}
