package io.github.openaikserve.server.options;

/**
 * An invalid configuration. The message names the place, the option, what was found and what was
 * expected.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean ofFlags;

  /** Creates an exception with a message of one line. */
  public ConfigException(String message) {
    this(message, false);
  }

  ConfigException(String message, boolean ofFlags) {
    super(message);
    this.ofFlags = ofFlags;
  }

  /** Returns whether the error is in a flag of the command line. */
  public boolean isOfFlags() {
    return ofFlags;
  }
}
