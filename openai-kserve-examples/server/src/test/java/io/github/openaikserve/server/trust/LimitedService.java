package io.github.openaikserve.server.trust;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.server.http.ReferenceServer;
import io.github.openaikserve.server.http.ServerOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;

/**
 * The reference server with a concurrency limit, in a separate process. Prints its port, and its
 * maximum heap when its input ends.
 */
final class LimitedService {
  /** The prefix of the port in its output. */
  static final String PORT = "port ";

  /** The prefix of the maximum heap in MiB in its output. */
  static final String HEAP = "heap ";

  private LimitedService() {}

  /** Arguments: the model server's port, the maximum of running calls, and of waiting calls. */
  public static void main(String[] args) throws IOException {
    var limit =
        ConcurrencyLimit.builder()
            .max(Integer.parseInt(args[1]))
            .queue(Integer.parseInt(args[2]))
            .maxWait(Duration.ofMinutes(2))
            .build();
    try (var backend = GrpcBackend.connect("127.0.0.1:" + args[0]);
        var server =
            ReferenceServer.start(
                OpenAiKServe.builder(backend)
                    .model("m", m -> m.dialect(Dialects.ANYSERVE).concurrencyLimit(limit))
                    .build()
                    .httpHandler(),
                ServerOptions.defaults())) {
      System.out.println(PORT + server.port());
      while (System.in.read() >= 0) {
        // until the parent process closes the pipe
      }
      System.out.println(HEAP + (peak() >> 20));
    }
    System.exit(0);
  }

  private static long peak() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToLong(usage -> usage.getUsed())
        .sum();
  }
}
