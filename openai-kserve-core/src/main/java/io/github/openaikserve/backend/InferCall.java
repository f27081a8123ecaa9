package io.github.openaikserve.backend;

import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.Rpc;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One call to a model server: the request, its RPC and its options. Immutable. */
public final class InferCall {
  /** The parameter of stateful requests. The server must receive each of them exactly once. */
  private static final String SEQUENCE = "sequence_id";

  private final Rpc rpc;
  private final InferRequest request;
  private final @Nullable Duration timeout;
  private final boolean deadlineEnforced;
  private final Map<String, String> metadata;
  private final boolean retryable;
  private final @Nullable String affinityKey;
  private final @Nullable String queueKey;

  private InferCall(Builder builder) {
    this.rpc = builder.rpc;
    this.request = builder.request;
    this.timeout = builder.timeout;
    this.deadlineEnforced = builder.deadlineEnforced;
    this.metadata = builder.metadata;
    this.retryable = builder.retryable;
    this.affinityKey = builder.affinityKey;
    this.queueKey = builder.queueKey;
  }

  /**
   * Returns a call without a time limit or metadata. The call is retryable unless the request
   * belongs to a sequence.
   *
   * <p><b>Source:</b> triton-inference-server/server, docs/protocol/extension_sequence.md.
   */
  public static InferCall of(Rpc rpc, InferRequest request) {
    return new InferCall(new Builder(rpc, request));
  }

  /** Returns the RPC. */
  public Rpc rpc() {
    return rpc;
  }

  /** Returns the request. */
  public InferRequest request() {
    return request;
  }

  /** Returns the time limit from subscription to the last response; null for none. */
  public @Nullable Duration timeout() {
    return timeout;
  }

  /**
   * Returns whether the caller itself cancels the call after {@link #timeout}. The transport then
   * only sends the time limit to the server and starts no timer.
   */
  public boolean deadlineEnforced() {
    return deadlineEnforced;
  }

  /** Returns the headers that are sent with the request; names are in lower case. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * Returns whether the call may be retried after a failure before its first response, even if the
   * server may have received it.
   */
  public boolean retryable() {
    return retryable;
  }

  /**
   * Returns the key of calls that should reach the same endpoint, such as OpenAI's {@code
   * prompt_cache_key}; null for none.
   */
  public @Nullable String affinityKey() {
    return affinityKey;
  }

  /**
   * Returns the fair-queueing key: calls with the same key, such as those of one client, share one
   * turn in the queue for permits; null for none.
   */
  public @Nullable String queueKey() {
    return queueKey;
  }

  /**
   * Returns a copy of this call with another time limit; null for none.
   *
   * @throws IllegalArgumentException if the timeout is not positive
   */
  public InferCall withTimeout(@Nullable Duration timeout) {
    if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
      throw new IllegalArgumentException("timeout must be positive, was " + timeout);
    }
    var copy = new Builder(this);
    copy.timeout = timeout;
    return new InferCall(copy);
  }

  /** Returns a copy of this call whose caller enforces the time limit. */
  public InferCall withDeadlineEnforced() {
    var copy = new Builder(this);
    copy.deadlineEnforced = true;
    return new InferCall(copy);
  }

  /** Returns a copy of this call with the headers replaced. */
  public InferCall withMetadata(Map<String, String> metadata) {
    var copy = new Builder(this);
    copy.metadata = Map.copyOf(metadata);
    return new InferCall(copy);
  }

  /** Returns a copy of this call with another request. */
  public InferCall withRequest(InferRequest request) {
    var copy = new Builder(this);
    copy.request = Objects.requireNonNull(request, "request");
    return new InferCall(copy);
  }

  /** Returns a copy of this call with another {@link #affinityKey}; null for none. */
  public InferCall withAffinityKey(@Nullable String key) {
    var copy = new Builder(this);
    copy.affinityKey = key;
    return new InferCall(copy);
  }

  /** Returns a copy of this call with another {@link #queueKey}; null for none. */
  public InferCall withQueueKey(@Nullable String key) {
    var copy = new Builder(this);
    copy.queueKey = key;
    return new InferCall(copy);
  }

  /** Returns a copy of this call that is not {@link #retryable}. */
  public InferCall nonRetryable() {
    var copy = new Builder(this);
    copy.retryable = false;
    return new InferCall(copy);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof InferCall call
        && rpc == call.rpc
        && retryable == call.retryable
        && deadlineEnforced == call.deadlineEnforced
        && request.equals(call.request)
        && metadata.equals(call.metadata)
        && Objects.equals(timeout, call.timeout)
        && Objects.equals(affinityKey, call.affinityKey)
        && Objects.equals(queueKey, call.queueKey);
  }

  @Override
  public int hashCode() {
    return Objects.hash(rpc, request, timeout, metadata);
  }

  /** Returns the RPC, the model and the time limit; never headers or contents. */
  @Override
  public String toString() {
    return "InferCall[%s %s, timeout=%s]".formatted(rpc, request.modelName(), timeout);
  }

  private static final class Builder {
    private final Rpc rpc;
    private InferRequest request;
    private @Nullable Duration timeout;
    private boolean deadlineEnforced;
    private Map<String, String> metadata = Map.of();
    private boolean retryable;
    private @Nullable String affinityKey;
    private @Nullable String queueKey;

    Builder(Rpc rpc, InferRequest request) {
      this.rpc = Objects.requireNonNull(rpc, "rpc");
      this.request = Objects.requireNonNull(request, "request");
      this.retryable = !request.parameters().containsKey(SEQUENCE);
    }

    Builder(InferCall call) {
      this.rpc = call.rpc;
      this.request = call.request;
      this.timeout = call.timeout;
      this.deadlineEnforced = call.deadlineEnforced;
      this.metadata = call.metadata;
      this.retryable = call.retryable;
      this.affinityKey = call.affinityKey;
      this.queueKey = call.queueKey;
    }
  }
}
