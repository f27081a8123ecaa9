package io.github.openaikserve.server.connection;

import java.util.List;

/** The memory of one request, which counts while the server waits for the client. */
public final class WaitingRequest {
  private final OpenConnections connections;
  private final ConnectionUse use;
  private long bytes;
  private boolean waits = true;
  private boolean ended;

  /** Creates a request that waits for its body. The caller holds the lock. */
  WaitingRequest(OpenConnections connections, ConnectionUse use, long bytes) {
    this.connections = connections;
    this.use = use;
    use.requests++;
    add(bytes);
    decoded();
    connections.touch(use);
  }

  /** Notes that a part of the body has arrived. */
  public void progress() {
    synchronized (connections) {
      decoded();
      connections.touch(use);
    }
  }

  /** Notes that the server works on the request: it does not wait for the client. */
  public void work() {
    synchronized (connections) {
      if (waits && !ended) {
        waits = false;
        use.working++;
        count(-bytes);
        decoded();
        connections.touch(use);
      }
    }
  }

  /** Notes that the server waits for the client to send or to read. */
  public void await() {
    List<Runnable> actions;
    synchronized (connections) {
      if (!waits && !ended) {
        waits = true;
        use.working--;
        count(bytes);
        connections.touch(use);
      }
      actions = connections.shed();
    }
    actions.forEach(Runnable::run);
  }

  /** Adds the bytes of the response, which the client has to read. */
  public void hold(long more) {
    synchronized (connections) {
      add(more);
    }
  }

  public void end() {
    synchronized (connections) {
      leave();
    }
  }

  /** Ends the request. The caller holds the lock. */
  void leave() {
    if (ended) {
      return;
    }
    ended = true;
    use.requests--;
    if (waits) {
      count(-bytes);
    } else {
      use.working--;
    }
    decoded();
    connections.touch(use);
  }

  private void add(long more) {
    bytes += more;
    if (waits && !ended) {
      count(more);
    }
  }

  private void count(long change) {
    use.waitingBytes += change;
    connections.hold(use, change);
  }

  /** The bytes that have arrived belong to a request now. */
  private void decoded() {
    connections.hold(use, -ConnectionUse.UNDECODED * use.undecoded);
    use.undecoded = 0;
  }

  /** Returns whether the request has ended. */
  boolean hasEnded() {
    synchronized (connections) {
      return ended;
    }
  }
}
