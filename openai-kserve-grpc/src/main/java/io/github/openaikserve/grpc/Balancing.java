package io.github.openaikserve.grpc;

/** Which of several servers gets a call. */
public enum Balancing {
  /** The first that can be reached gets all calls, until it cannot. */
  PICK_FIRST,
  /** Each in turn, of those that can be reached. */
  ROUND_ROBIN,
  /**
   * The one with the fewest calls in flight among a few that are next in turn: generations differ
   * in length, so turns alone pile up on some servers.
   */
  LEAST_REQUEST
}
