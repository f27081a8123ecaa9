package io.github.openaikserve.server.config;

/** A configuration that cannot be meant; the message says where and what, in one line. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Of that message. */
  public ConfigException(String message) {
    super(message);
  }
}
