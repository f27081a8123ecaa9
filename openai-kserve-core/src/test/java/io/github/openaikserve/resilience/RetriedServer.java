package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.assertj.core.api.InstanceOfAssertFactories;

/** A server with a list of replies, which are followed by good answers. */
final class RetriedServer {
  static final ScriptedResponse UNAVAILABLE = fails(SimulatedServer.refused());
  private static final ScriptedResponse ANSWER =
      ScriptedResponse.of(List.of(Probe.RESPONSE, Probe.RESPONSE));

  final ManualScheduler time = new ManualScheduler();
  private final Queue<ScriptedResponse> replies = new ArrayDeque<>();
  final FakeBackend server =
      FakeBackend.answering(call -> replies.isEmpty() ? ANSWER : replies.remove()).scheduler(time);

  static ScriptedResponse fails(BackendException failure) {
    return ScriptedResponse.of(List.of()).thenFails(failure);
  }

  static BackendException failure(Probe call) {
    return assertThat(call.failure())
        .asInstanceOf(InstanceOfAssertFactories.type(BackendException.class))
        .actual();
  }

  RetryBackend retrying() {
    return retrying(RetryPolicy.ofDefaults());
  }

  RetryBackend retrying(RetryPolicy policy) {
    return RetryBackend.around(server, policy, time);
  }

  RetryBackend retrying(Scheduler scheduler) {
    return RetryBackend.around(server, RetryPolicy.ofDefaults(), scheduler);
  }

  /** Replaces the replies that are left. */
  void replies(ScriptedResponse... next) {
    replies.clear();
    replies.addAll(List.of(next));
  }

  int calls() {
    return server.calls().size();
  }

  void advance(Duration duration) {
    time.advance(duration);
  }
}
