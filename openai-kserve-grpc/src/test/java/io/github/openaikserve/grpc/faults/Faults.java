package io.github.openaikserve.grpc.faults;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Faults that are independent of the protocol. */
public final class Faults {
  private static final long ONE_BYTE_EVERY = TimeUnit.MICROSECONDS.toNanos(300);

  private static final int GARBAGE = 4096;

  private Faults() {}

  /** No fault. */
  public static Fault none() {
    return link -> {
      link.connect();
      Link.copy(link.fromServer(), link.toClient(), Long.MAX_VALUE);
    };
  }

  /** Closes the connection after the client's first bytes, without a response. */
  public static Fault resetBeforeHeaders() {
    return link -> {
      if (link.fromClient().read() >= 0) {
        link.reset();
      }
    };
  }

  /** Drops all data in both directions. */
  public static Fault blackHole() {
    return Link::swallow;
  }

  /** Forwards the server's bytes one by one, some thousand per second. */
  public static Fault trickle() {
    return link -> {
      link.connect();
      for (int next = link.fromServer().read(); next >= 0; next = link.fromServer().read()) {
        link.toClient().write(next);
        link.toClient().flush();
        LockSupport.parkNanos(ONE_BYTE_EVERY);
      }
    };
  }

  /** Replaces the server's answer by random bytes. */
  public static Fault garbage() {
    return link -> {
      byte[] garbage = new byte[GARBAGE];
      for (int i = 0; i < garbage.length; i++) {
        garbage[i] = (byte) (i * 31 + 7);
      }
      link.toClient().write(garbage);
      link.toClient().flush();
      link.awaitClientGone();
    };
  }

  /** Drops the server's data while the connection stays open. */
  public static Fault silence() {
    return Link::awaitClientGone;
  }

  /** Resets the client's connection. */
  public static Fault reset() {
    return Link::reset;
  }

  /** Drops the server's data after the signal. */
  public static Fault once(Future<?> signal, Fault harm) {
    return link -> {
      link.connect();
      link.relay();
      try {
        signal.get();
      } catch (InterruptedException | ExecutionException e) {
        throw new IOException(e);
      }
      link.mute();
      harm.carry(link);
    };
  }
}
