package io.github.openaikserve.testing;

import io.github.openaikserve.kserve.InferResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link FakeCall} is answered.
 *
 * @param failure how it ends; null to complete
 * @param ends whether it ends at all, or falls silent after the last response
 * @param delays how long to wait before each signal, counted from 0; the end is the last one
 */
record Reply(
    List<InferResponse> responses,
    @Nullable RuntimeException failure,
    boolean ends,
    IntFunction<Duration> delays) {

  static Reply of(FakeReply reply) {
    return new Reply(reply.responses(), reply.failure(), reply.ends(), signal -> reply.delay());
  }

  static Reply failing(RuntimeException failure) {
    return new Reply(List.of(), failure, true, signal -> Duration.ZERO);
  }
}
