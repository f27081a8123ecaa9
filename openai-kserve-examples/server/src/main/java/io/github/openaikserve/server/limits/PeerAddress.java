package io.github.openaikserve.server.limits;

/** The address of the client's end of the connection, as a header that no client can send. */
public final class PeerAddress {
  /** The name of the header: HTTP has no field names with a colon. */
  public static final String HEADER = ":peer";

  private PeerAddress() {}
}
