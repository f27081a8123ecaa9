package io.github.openaikserve.grpc.recording;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.grpc.internal.message.InferCodec;
import io.github.openaikserve.grpc.proto.RecordedEvent;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.testing.ScriptedResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A call of a recording, to which events are added while the file is read. Not thread-safe until
 * the file has been read.
 */
final class RecordedCall {
  /** The file and the line of the request, for messages. */
  final String where;

  final Rpc rpc;
  final InferRequest request;

  /** The parts of the request that were redacted, such as {@code input prompt}. */
  final Set<String> redacted;

  private final List<InferResponse> responses = new ArrayList<>();
  private final List<Duration> delays = new ArrayList<>();
  private double last;
  private @Nullable RecordedEvent end;

  RecordedCall(String where, RecordedEvent event) {
    this.where = where;
    rpc = known("rpc", Rpc.class, event.getRpc());
    request = InferCodec.decode(event.getRequest());
    redacted = Set.copyOf(event.getRedactedList());
    last = event.getMs();
  }

  /**
   * Adds the next event of this call.
   *
   * @throws IllegalArgumentException if the event cannot follow the earlier events of the call
   */
  void add(RecordedEvent event) {
    if (end != null) {
      throw new IllegalArgumentException("the call has already ended");
    }
    if (event.hasResponse() == !event.getStatus().isEmpty()) {
      throw new IllegalArgumentException("expected a response or a status");
    }
    delays.add(Duration.ofNanos(Math.round(Math.max(0, event.getMs() - last) * 1e6)));
    last = event.getMs();
    if (event.hasResponse()) {
      responses.add(InferCodec.decode(event.getResponse()));
    } else {
      var unused = failure(event); // rejects an unknown status
      end = event;
    }
  }

  /**
   * Returns the failure that an event reports; null for none.
   *
   * @throws IllegalArgumentException if the status of the event is unknown
   */
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
    return Stream.of(type.getEnumConstants())
        .filter(constant -> constant.name().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown %s '%s'".formatted(field, word)));
  }

  /** Returns the reply to a call that matches this one. */
  ScriptedResponse reply(boolean timed) {
    ScriptedResponse reply = ending(ScriptedResponse.of(responses));
    return timed
        ? reply.every(signal -> signal < delays.size() ? delays.get(signal) : Duration.ZERO)
        : reply;
  }

  private ScriptedResponse ending(ScriptedResponse reply) {
    if (end == null) {
      return reply.thenFails(
          new BackendException(
              BackendCode.UNAVAILABLE,
              "The recording of this call ends here (%s).".formatted(where)));
    }
    OpenAiException failure = failure(end);
    if (failure != null) {
      return reply.thenFails(failure);
    }
    return end.getStatus().equals(RecordingBackend.CANCELLED) ? reply.thenHangs() : reply;
  }
}
