package io.github.openaikserve.grpc.recording;

import com.google.protobuf.InvalidProtocolBufferException;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.grpc.proto.RecordedEvent;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A backend that replays the file of a {@link RecordingBackend}. Thread-safe. Requires {@code
 * protobuf-java-util}.
 *
 * <p>A call is answered by the first matching recorded call that was not replayed yet: with its
 * responses, then its end. If the recorded call was cancelled, no signal follows its responses. A
 * call without a match fails with FAILED_PRECONDITION; the message lists the differences from the
 * most similar recorded call. Metadata queries are answered in order, and the last answer is
 * repeated. Queries that were not recorded have an empty answer.
 */
public final class ReplayBackend extends MetadataQueries {
  private final ReplayOptions options;
  private final FakeBackend backend = FakeBackend.answering(this::reply);
  private final List<RecordedCall> calls = new ArrayList<>();

  /** The answers to each metadata query, by its name, model and version. */
  private final Map<List<String>, Deque<RecordedEvent>> answers = new HashMap<>();

  // Guarded by this.
  private final List<RecordedCall> remaining;
  private final List<String> mismatches = new ArrayList<>();

  private ReplayBackend(String name, BufferedReader lines, ReplayOptions options)
      throws IOException {
    this.options = options;
    read(name, lines);
    this.remaining = new ArrayList<>(calls);
  }

  /**
   * Replays a file.
   *
   * @throws UncheckedIOException if the file cannot be read
   * @throws IllegalArgumentException if the file is not a recording; names the line
   * @throws IllegalStateException if {@code protobuf-java-util} is missing
   */
  public static ReplayBackend from(Path file) {
    return from(file, options -> {});
  }

  /**
   * Replays a file with options.
   *
   * @see #from(Path)
   */
  public static ReplayBackend from(Path file, Consumer<ReplayOptions> configure) {
    try (InputStream in = Files.newInputStream(file)) {
      return from(in, String.valueOf(file.getFileName()), configure);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot replay " + file, e);
    }
  }

  /**
   * Replays a stream, such as a resource of the class path. Reads the stream to its end and does
   * not close it.
   *
   * @param name the name of the recording in messages
   * @see #from(Path)
   */
  public static ReplayBackend from(
      InputStream recording, String name, Consumer<ReplayOptions> configure) {
    EventFile.checkLibrary();
    var options = new ReplayOptions();
    configure.accept(options);
    // A truncated last line may end inside a character, which must not stop the reader.
    var lines = new BufferedReader(new InputStreamReader(recording, StandardCharsets.UTF_8));
    try {
      return new ReplayBackend(name, lines, options);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot replay " + name, e);
    }
  }

  /**
   * Reads the lines. Ignores a truncated last line, because the recording process may have ended.
   */
  private void read(String name, BufferedReader lines) throws IOException {
    Map<Integer, RecordedCall> running = new HashMap<>();
    @Nullable IllegalArgumentException broken = null;
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (broken != null) {
        throw broken;
      }
      if (line.isBlank()) {
        continue;
      }
      String where = name + ":" + number;
      try {
        add(where, EventFile.event(line), running);
      } catch (InvalidProtocolBufferException e) {
        broken = new IllegalArgumentException(where + ": not an event: " + e.getMessage(), e);
        if (e.getCause() == null) { // JSON, but not an event
          throw broken;
        }
      } catch (IllegalArgumentException | OpenAiException e) {
        throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
      }
    }
  }

  private void add(String where, RecordedEvent event, Map<Integer, RecordedCall> running) {
    if (!event.getAsked().isEmpty()) {
      var question = List.of(event.getAsked(), event.getModelName(), event.getModelVersion());
      RecordedCall.failure(event); // rejects an unknown status
      answers.computeIfAbsent(question, q -> new ArrayDeque<>()).add(event);
    } else if (event.hasRequest()) {
      var call = new RecordedCall(where, event);
      if (running.put(event.getCall(), call) != null) {
        throw new IllegalArgumentException(
            "the request of call " + event.getCall() + " occurs twice");
      }
      calls.add(call);
    } else {
      RecordedCall call = running.get(event.getCall());
      if (call == null) {
        throw new IllegalArgumentException(
            "no request of call " + event.getCall() + " precedes this event");
      }
      call.add(event);
    }
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    return backend.infer(call);
  }

  private synchronized ScriptedResponse reply(InferCall call) {
    Optional<RecordedCall> match = matches(remaining, call).findFirst();
    List<RecordedCall> used = match.isPresent() ? List.of() : matches(calls, call).toList();
    if (options.repeating && !used.isEmpty()) {
      match = Optional.of(used.get(used.size() - 1));
    }
    if (match.isPresent()) {
      remaining.remove(match.get());
      return match.get().reply(options.timed);
    }
    String message =
        used.isEmpty()
            ? mismatch(call)
            : "The call was recorded %d times (%s), but was made once more."
                .formatted(used.size(), used.get(0).where);
    mismatches.add(message);
    return ScriptedResponse.of(List.of())
        .thenFails(new BackendException(BackendCode.FAILED_PRECONDITION, message));
  }

  private Stream<RecordedCall> matches(List<RecordedCall> candidates, InferCall call) {
    return candidates.stream()
        .filter(candidate -> new CallDifferences(candidate, call, options).areNone());
  }

  private String mismatch(InferCall call) {
    return calls.stream()
        .map(candidate -> new CallDifferences(candidate, call, options))
        .min(Comparator.comparingInt(CallDifferences::weight))
        .map(
            fewest ->
                "The recording has no such call. The most similar call is at %s: %s."
                    .formatted(fewest.where(), fewest))
        .orElse("The recording has no calls.");
  }

  @Override
  synchronized <T> CompletionStage<Optional<T>> answer(Query<T> query) {
    Deque<RecordedEvent> events = answers.get(query.name());
    if (events == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    RecordedEvent event = events.size() == 1 ? events.element() : events.remove();
    OpenAiException failure = RecordedCall.failure(event);
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    boolean known = event.getAnswerCase() != RecordedEvent.AnswerCase.ANSWER_NOT_SET;
    return CompletableFuture.completedFuture(
        known ? Optional.of(query.read().apply(event)) : Optional.empty());
  }

  /** Returns the calls whose publisher was subscribed to, in order. */
  public List<InferCall> calls() {
    return backend.calls();
  }

  /** Returns the number of calls that were cancelled before their end. */
  public int cancellations() {
    return backend.cancellations();
  }

  /** Returns the number of recorded calls that have not been replayed. */
  public synchronized int remaining() {
    return remaining.size();
  }

  /** Returns the messages of the calls without a match, in order. */
  public synchronized List<String> mismatches() {
    return List.copyOf(mismatches);
  }

  @Override
  public void close() {
    backend.close();
  }
}
