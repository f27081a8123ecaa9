package io.github.openaikserve.server.limits;

/** The IP address of the connection's peer, in a header that clients cannot send. */
public final class PeerAddress {
  /** The name of the header. HTTP does not allow field names with a colon. */
  public static final String HEADER = ":peer";

  private PeerAddress() {}
}
