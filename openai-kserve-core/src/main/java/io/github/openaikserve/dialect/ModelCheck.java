package io.github.openaikserve.dialect;

import java.util.List;

/**
 * How a served model compares with what its server declares. Immutable.
 *
 * @param model the model's id; empty for a server as a whole
 * @param findings what is wrong, naming the tensor if one is; empty if nothing is
 */
public record ModelCheck(String model, Outcome outcome, List<String> findings) {
  /** The result of a check, from the best to the worst. */
  public enum Outcome {
    /** The server declares what is sent. */
    FITS("fits"),
    /** The server has the model and declares no tensors to compare with. */
    UNDECLARED("declares no tensors"),
    /** The server declares other tensors: calls would fail. */
    MISMATCH("mismatch"),
    /** The dialect of the model, or the list of a server's models, is not known. */
    UNKNOWN("unknown"),
    /** The server does not have the model or its version. */
    MISSING("does not exist"),
    /** The server cannot be asked, or the model is not ready. */
    UNREACHABLE("unreachable");

    private final String value;

    Outcome(String value) {
      this.value = value;
    }

    /** Returns the outcome in words, for reports. */
    public String value() {
      return value;
    }
  }

  /** Copies the list. */
  public ModelCheck {
    findings = List.copyOf(findings);
  }

  /** Returns whether nothing is known to be wrong. */
  public boolean isGood() {
    return outcome == Outcome.FITS || outcome == Outcome.UNDECLARED;
  }
}
