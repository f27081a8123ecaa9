package io.github.openaikserve.server.ui;

import io.github.openaikserve.observation.CallFailure;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Counts calls, tokens and failures since the start of the process. Thread-safe. */
final class CallCounters implements CallListener {
  private static final int MAX_CODES = 64;
  private static final int MAX_ENDPOINTS = 1000;

  private final LongSupplier clock;
  private final LongAdder started = new LongAdder();
  private final LongAdder completed = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder cancelled = new LongAdder();
  private final LongAdder inputTokens = new LongAdder();
  private final LongAdder outputTokens = new LongAdder();
  private final Map<String, LongAdder> codes = new ConcurrentHashMap<>();

  /** Guarded by itself; the oldest failure is removed first. */
  private final Map<String, EndpointFailure> endpoints =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, EndpointFailure> eldest) {
          return size() > MAX_ENDPOINTS;
        }
      };

  CallCounters(LongSupplier clock) {
    this.clock = clock;
  }

  /** The last failure at an endpoint, and the number of all its failures. */
  record EndpointFailure(String code, int status, long nanos, long count) {}

  @Override
  public CallObserver start(CallInfo call) {
    started.increment();
    return new Counting();
  }

  /** Counts one call. Called by one thread at a time. */
  private final class Counting implements CallObserver {
    private long responses;

    /** A response counts as a token until the number of tokens is known. */
    @Override
    public void response(long elapsedNanos) {
      responses++;
      outputTokens.increment();
    }

    @Override
    public void completed(
        long elapsedNanos, @Nullable CompletionUsage usage, List<FinishReason> finishReasons) {
      completed.increment();
      ended(usage);
    }

    @Override
    public void failed(long elapsedNanos, CallFailure failure, @Nullable CompletionUsage usage) {
      failed.increment();
      count(failure);
      ended(usage);
    }

    @Override
    public void cancelled(long elapsedNanos, @Nullable CompletionUsage usage) {
      cancelled.increment();
      ended(usage);
    }

    private void ended(@Nullable CompletionUsage usage) {
      if (usage != null) {
        inputTokens.add(usage.promptTokens());
      }
      outputTokens.add((usage == null ? 0 : usage.completionTokens()) - responses);
    }
  }

  private void count(CallFailure failure) {
    String code = failure.errorType();
    if (codes.size() < MAX_CODES || codes.containsKey(code)) {
      codes.computeIfAbsent(code, first -> new LongAdder()).increment();
    }
    String endpoint = failure.endpoint();
    if (endpoint != null) {
      synchronized (endpoints) {
        EndpointFailure before = endpoints.remove(endpoint);
        long count = before == null ? 1 : before.count() + 1;
        endpoints.put(
            endpoint, new EndpointFailure(code, failure.status(), clock.getAsLong(), count));
      }
    }
  }

  /** Returns the last failure at an endpoint; null if there was none. */
  @Nullable EndpointFailure failureAt(String endpoint) {
    synchronized (endpoints) {
      return endpoints.get(endpoint);
    }
  }

  Status.Calls counts() {
    // Reads ends before starts, so that the difference is not too small.
    long ended = completed.sum() + failed.sum() + cancelled.sum();
    long begun = started.sum();
    Map<String, Long> errors = new TreeMap<>();
    codes.forEach((code, count) -> errors.put(code, count.sum()));
    return new Status.Calls(
        begun,
        completed.sum(),
        failed.sum(),
        cancelled.sum(),
        Math.max(0, begun - ended),
        inputTokens.sum(),
        Math.max(0, outputTokens.sum()),
        errors);
  }
}
