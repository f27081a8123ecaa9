package io.github.openaikserve.grpc;

import io.grpc.ManagedChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a backend opened, and so has to close. Closing is thread-safe, adding is not. */
final class Connections implements AutoCloseable {
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<Runnable> last = new ArrayList<>();
  private @Nullable Tls tls;

  ManagedChannel add(ManagedChannel channel) {
    channels.add(channel);
    return channel;
  }

  Tls add(Tls certificates) {
    tls = certificates;
    return certificates;
  }

  /** Has something done when all is closed. */
  void atLast(Runnable task) {
    last.add(task);
  }

  /** Tries to connect now, where gRPC would wait longer and longer after each failure. */
  void hurry() {
    channels.forEach(ManagedChannel::resetConnectBackoff);
  }

  /** Does not wait. */
  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    if (tls != null) {
      tls.close();
    }
    last.forEach(Runnable::run);
  }
}
