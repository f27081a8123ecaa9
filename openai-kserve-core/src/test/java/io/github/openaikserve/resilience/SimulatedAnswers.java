package io.github.openaikserve.resilience;

import io.github.openaikserve.testing.ScriptedResponse;
import java.util.List;

/** Answers of a {@link SimulatedServer}. */
final class SimulatedAnswers {
  private SimulatedAnswers() {}

  static ScriptedResponse whole() {
    return ScriptedResponse.of(List.of(Probe.RESPONSE));
  }

  static ScriptedResponse firstTokenThenSilence() {
    return ScriptedResponse.of(List.of(Probe.RESPONSE)).thenHangs();
  }
}
