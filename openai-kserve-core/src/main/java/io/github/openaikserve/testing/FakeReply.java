package io.github.openaikserve.testing;

import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.InferResponse;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link FakeBackend} answers one call. Immutable.
 *
 * @param responses what it sends
 * @param failure how it ends; null to complete
 * @param delay how long it waits before each signal; zero not to wait
 * @param ends whether it ends at all, or falls silent after the last response
 */
public record FakeReply(
    List<InferResponse> responses,
    @Nullable BackendException failure,
    Duration delay,
    boolean ends) {
  /** Copies the list. */
  public FakeReply {
    responses = List.copyOf(responses);
  }

  /** These responses, then completion. */
  public static FakeReply of(List<InferResponse> responses) {
    return new FakeReply(responses, null, Duration.ZERO, true);
  }

  /** The same responses, then a failure. */
  public FakeReply thenFails(BackendException failure) {
    return new FakeReply(responses, failure, delay, true);
  }

  /** The same responses, then silence until the call is cancelled. */
  public FakeReply thenHangs() {
    return new FakeReply(responses, failure, delay, false);
  }

  /** The same with a pause before each signal. */
  public FakeReply every(Duration delay) {
    return new FakeReply(responses, failure, delay, ends);
  }
}
