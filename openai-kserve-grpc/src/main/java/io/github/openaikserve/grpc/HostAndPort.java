package io.github.openaikserve.grpc;

import org.jspecify.annotations.Nullable;

/** A host and a port, written {@code host:port} or {@code [v6]:port}. Immutable. */
record HostAndPort(String host, int port) {
  /** Before a name of which all addresses count. */
  static final String DNS = "dns:///";

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException if there is no host or no port from 1 to 65535
   */
  static HostAndPort parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    boolean bare = host.indexOf(':') < 0 || (host.startsWith("[") && host.endsWith("]"));
    if (host.isEmpty() || host.contains("/") || !bare) {
      throw notHostAndPort(text, null);
    }
    try {
      return new HostAndPort(host, Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw notHostAndPort(text, e);
    }
  }

  /**
   * The target with its port moved on.
   *
   * @throws IllegalArgumentException if it is neither {@code host:port} nor {@code
   *     dns:///host:port}
   */
  static String shifted(String target, int offset) {
    String prefix = target.startsWith(DNS) ? DNS : "";
    return prefix + parse(target.substring(prefix.length())).plus(offset);
  }

  HostAndPort {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("a port is from 1 to 65535, was " + port);
    }
  }

  /** The port that many further on the same host. */
  HostAndPort plus(int offset) {
    return new HostAndPort(host, port + offset);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }

  private static IllegalArgumentException notHostAndPort(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException("expected host:port, got '" + text + "'", cause);
  }
}
