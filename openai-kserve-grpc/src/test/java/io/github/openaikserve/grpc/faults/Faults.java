package io.github.openaikserve.grpc.faults;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What can go wrong with the bytes of any protocol. */
public final class Faults {
  private static final long ONE_BYTE_EVERY = TimeUnit.MICROSECONDS.toNanos(300);

  private static final int GARBAGE = 4096;

  private Faults() {}

  /** Nothing goes wrong. */
  public static Fault none() {
    return link -> {
      link.connect();
      Link.copy(link.fromServer(), link.toClient(), Long.MAX_VALUE);
    };
  }

  /** The client is hung up on when it has said something, and has heard nothing. */
  public static Fault resetBeforeHeaders() {
    return link -> {
      if (link.fromClient().read() >= 0) {
        link.reset();
      }
    };
  }

  /** Whatever is sent vanishes, and nothing is ever said. */
  public static Fault blackHole() {
    return Link::swallow;
  }

  /** The server's bytes come one by one, some thousand in a second. */
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

  /** The server's answer is bytes that mean nothing. */
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

  /** The server is heard no more, but its connection stands. */
  public static Fault silence() {
    return Link::awaitClientGone;
  }

  /** The client is hung up on, without a goodbye. */
  public static Fault reset() {
    return Link::reset;
  }

  /** Nothing goes wrong before the signal; from then on the server is heard no more. */
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
