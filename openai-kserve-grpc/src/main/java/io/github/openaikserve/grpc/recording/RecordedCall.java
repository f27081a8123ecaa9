package io.github.openaikserve.grpc.recording;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.grpc.internal.InferCodec;
import io.github.openaikserve.grpc.proto.RecordedEvent;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.testing.ScriptedResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call of a recording, to which events are added while the file is read. Not thread-safe until
 * the file has been read.
 */
final class RecordedCall {
  private final String where;
  private final String rpc;
  private final InferRequest request;
  private final Set<String> redacted;
  private final List<InferResponse> responses = new ArrayList<>();
  private final List<Duration> delays = new ArrayList<>();
  private double last;
  private boolean ended;
  private boolean cancelled;
  private @Nullable OpenAiException failure;

  /**
   * Creates a call from its request.
   *
   * @param where the file and the line, for messages
   */
  RecordedCall(String where, RecordedEvent event) {
    this.where = where;
    rpc = known("rpc", Rpc.class, event.getRpc()).name();
    request = InferCodec.decode(event.getRequest());
    redacted = Set.copyOf(event.getRedactedList());
    last = event.getMs();
    failure =
        new BackendException(
            BackendCode.UNAVAILABLE, "The recording of this call ends here (%s).".formatted(where));
  }

  /**
   * Adds the next event of this call.
   *
   * @throws IllegalArgumentException if the event cannot follow the earlier events of the call
   */
  void add(RecordedEvent event) {
    if (ended || event.hasResponse() == !event.getStatus().isEmpty()) {
      throw new IllegalArgumentException(
          ended ? "the call has already ended" : "expected a response or a status");
    }
    delays.add(Duration.ofNanos(Math.round(Math.max(0, event.getMs() - last) * 1e6)));
    last = event.getMs();
    if (event.hasResponse()) {
      responses.add(InferCodec.decode(event.getResponse()));
    } else {
      ended = true;
      cancelled = event.getStatus().equals(RecordingBackend.CANCELLED);
      failure = failure(event);
    }
  }

  /** Returns the failure that an event reports; null for none. */
  static @Nullable OpenAiException failure(RecordedEvent event) {
    return switch (event.getStatus()) {
      case "", RecordingBackend.OK, RecordingBackend.CANCELLED -> null;
      case RecordingBackend.MALFORMED -> new DialectException(event.getMessage());
      default -> {
        BackendCode code = known("status", BackendCode.class, event.getStatus());
        yield event.getFromServer()
            ? BackendException.fromServer(code, event.getMessage())
            : new BackendException(code, event.getMessage());
      }
    };
  }

  private static <E extends Enum<E>> E known(String field, Class<E> type, String word) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(word)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("unknown %s '%s'".formatted(field, word));
  }

  /** Returns the reply to a call that matches this one. */
  ScriptedResponse reply(boolean timed) {
    ScriptedResponse reply = ScriptedResponse.of(responses);
    if (failure != null) {
      reply = reply.thenFails(failure);
    } else if (cancelled) {
      reply = reply.thenHangs();
    }
    return timed
        ? reply.every(signal -> signal < delays.size() ? delays.get(signal) : Duration.ZERO)
        : reply;
  }

  String where() {
    return where;
  }

  String rpc() {
    return rpc;
  }

  InferRequest request() {
    return request;
  }

  /** Returns whether a part of the request was redacted, such as {@code input prompt}. */
  boolean isRedacted(String part) {
    return redacted.contains(part);
  }
}
