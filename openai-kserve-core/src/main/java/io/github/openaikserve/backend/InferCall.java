package io.github.openaikserve.backend;

import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.Rpc;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One call to a model server: what to send, by which procedure, and for how long. Immutable.
 *
 * @param timeout from subscription to the last response; null for no limit
 * @param metadata headers to send along, names in lower case
 * @param repeatable whether the call may be made again when it failed before its first response,
 *     though the server may have seen it
 */
public record InferCall(
    Rpc rpc,
    InferRequest request,
    @Nullable Duration timeout,
    Map<String, String> metadata,
    boolean repeatable) {
  /** Requests with it move a state on that the server keeps, so seeing one twice is wrong. */
  private static final String SEQUENCE = "sequence_id";

  /**
   * Copies the map.
   *
   * @throws IllegalArgumentException if the timeout is not positive
   */
  public InferCall {
    Objects.requireNonNull(rpc, "rpc");
    Objects.requireNonNull(request, "request");
    metadata = Map.copyOf(metadata);
    if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
      throw new IllegalArgumentException("timeout must be positive, was " + timeout);
    }
  }

  /**
   * A call without limit and metadata; repeatable, unless the request belongs to a sequence.
   *
   * <p><b>Source:</b> triton-inference-server/server, docs/protocol/extension_sequence.md.
   */
  public static InferCall of(Rpc rpc, InferRequest request) {
    return new InferCall(rpc, request, null, Map.of(), !request.parameters().containsKey(SEQUENCE));
  }

  /** The same call with another limit; null for none. */
  public InferCall withTimeout(@Nullable Duration timeout) {
    return new InferCall(rpc, request, timeout, metadata, repeatable);
  }

  /** The same call with these headers in place of its own. */
  public InferCall withMetadata(Map<String, String> metadata) {
    return new InferCall(rpc, request, timeout, metadata, repeatable);
  }

  /** The same call, to be made once only. */
  public InferCall once() {
    return new InferCall(rpc, request, timeout, metadata, false);
  }
}
