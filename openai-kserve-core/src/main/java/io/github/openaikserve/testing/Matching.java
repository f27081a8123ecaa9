package io.github.openaikserve.testing;

/** Which recorded call a {@link ReplayBackend} takes for the one that is made. */
public enum Matching {
  /**
   * One with the same procedure, model, version, parameters and inputs; its id, timeout and headers
   * may differ.
   */
  CONTENT,
  /** One that is the same in everything that was recorded; headers that carry secrets are not. */
  EXACT,
  /** The next one with the same procedure, model and version, whatever is asked of it. */
  MODEL
}
