package io.github.openaikserve.resilience;

import io.github.openaikserve.testing.FakeReply;
import java.util.List;

/** Answers of a {@link SimulatedServer}. */
final class SimulatedAnswers {
  private SimulatedAnswers() {}

  static FakeReply whole() {
    return FakeReply.of(List.of(Probe.RESPONSE));
  }

  static FakeReply firstTokenThenSilence() {
    return FakeReply.of(List.of(Probe.RESPONSE)).thenHangs();
  }
}
