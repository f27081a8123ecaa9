package io.github.openaikserve.dialect;

import java.util.List;

/**
 * How a served model compares with what its server tells of it. Immutable.
 *
 * @param model the model's id; empty for a server as a whole
 * @param findings what is wrong, in plain words that name the tensor; empty where nothing is
 */
public record ModelCheck(String model, Outcome outcome, List<String> findings) {
  /** What came out. */
  public enum Outcome {
    /** The server declares what is sent. */
    FITS,
    /** The server tells nothing of tensors, so that there is nothing to compare with. */
    UNTOLD,
    /** The server declares something else: calls would fail. */
    MISMATCH,
    /** It is not known how the model is spoken to, so that it is not served. */
    UNKNOWN,
    /** The server cannot be asked. */
    UNREACHABLE
  }

  /** Copies the list. */
  public ModelCheck {
    findings = List.copyOf(findings);
  }

  /** Whether nothing is known to be wrong. */
  public boolean isGood() {
    return outcome == Outcome.FITS || outcome == Outcome.UNTOLD;
  }
}
