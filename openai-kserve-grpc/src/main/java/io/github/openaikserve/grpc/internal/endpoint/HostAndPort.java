package io.github.openaikserve.grpc.internal.endpoint;

/** A host and a port, written {@code host:port} or {@code [v6]:port}. Immutable. */
public record HostAndPort(String host, int port) {
  private static final int MAX_PORT = 65535;

  /**
   * Parses {@code host:port}.
   *
   * @throws IllegalArgumentException if the host is missing or the port is not from 1 to 65535
   */
  public static HostAndPort parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? text : text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (host.isEmpty() || host.contains("/") || (host.indexOf(':') >= 0 && !bracketed)) {
      throw new IllegalArgumentException("expected host:port, found '" + text + "'");
    }
    if (colon < 0 || colon == text.length() - 1) {
      throw new IllegalArgumentException(
          "missing port in '%s', expected host:port such as %s:8001".formatted(text, host));
    }
    String port = text.substring(colon + 1);
    try {
      return new HostAndPort(host, Integer.parseInt(port));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "port '%s' in '%s' is not a number, expected host:port".formatted(port, text), e);
    }
  }

  public HostAndPort {
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException("expected a port from 1 to 65535, found " + port);
    }
  }

  /** Returns the same host with {@code offset} added to the port. */
  public HostAndPort plus(int offset) {
    return new HostAndPort(host, port + offset);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
