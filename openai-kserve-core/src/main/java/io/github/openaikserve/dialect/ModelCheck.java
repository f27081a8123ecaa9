package io.github.openaikserve.dialect;

import java.util.List;

/**
 * The result of checking a served model against its server's metadata. Immutable.
 *
 * @param model the model's id; empty for a whole server
 * @param findings the problems, naming the tensor if there is one; empty for none
 */
public record ModelCheck(String model, Outcome outcome, List<String> findings) {
  /** The outcomes of a check, from best to worst. */
  public enum Outcome {
    /** The server declares the tensors that are sent. */
    FITS("fits"),
    /** The server has the model but declares no tensors to compare with. */
    UNDECLARED("declares no tensors"),
    /** The server declares other tensors, so calls would fail. */
    MISMATCH("mismatch"),
    /** The dialect of the model, or the list of a server's models, is not known. */
    UNKNOWN("unknown"),
    /** The server does not have the model or its version. */
    MISSING("does not exist"),
    /** The server is unreachable, or the model is not ready. */
    UNREACHABLE("unreachable");

    private final String value;

    Outcome(String value) {
      this.value = value;
    }

    /** Returns the text of the outcome for reports. */
    public String value() {
      return value;
    }
  }

  /** Copies the list. */
  public ModelCheck {
    findings = List.copyOf(findings);
  }

  /** Returns whether no problem is known. */
  public boolean isGood() {
    return outcome == Outcome.FITS || outcome == Outcome.UNDECLARED;
  }
}
