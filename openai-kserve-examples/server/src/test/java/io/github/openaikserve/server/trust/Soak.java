package io.github.openaikserve.server.trust;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.grpc.faults.Fault;
import io.github.openaikserve.grpc.faults.Faults;
import io.github.openaikserve.grpc.faults.Http2Fault;
import io.github.openaikserve.grpc.faults.LeakCheck;
import io.github.openaikserve.grpc.faults.ToxicProxy;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.LimitedBackend;
import io.github.openaikserve.server.http.ReferenceServer;
import io.github.openaikserve.server.http.ServerOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Mixed traffic over the whole path for a while: clients, the reference server, the library, gRPC,
 * a repeatedly failing network, and a model. At the end, every request and resource is accounted
 * for.
 */
final class Soak {
  private static final int CLIENTS = 16;
  private static final int PLACES = 20;
  private static final int QUEUE = 8;
  private static final int SAMPLES = 4;
  private static final int CALM_OF = 8;
  private static final Duration LIMIT = Duration.ofSeconds(3);

  private static final Map<String, Fault> FAULTS =
      Map.of(
          "reset before headers", Faults.resetBeforeHeaders(),
          "black hole", Faults.blackHole(),
          "one byte at a time", Faults.trickle(),
          "garbage frames", Faults.garbage(),
          "RST_STREAM", Http2Fault.resetStream(3, 2),
          "GOAWAY", Http2Fault.goAway(2, 0, 0));

  private final Duration duration;
  private final SoakTally tally = new SoakTally();
  private final List<Long> heap = new ArrayList<>();
  private int faults;

  Soak(Duration duration) {
    this.duration = duration;
  }

  /** Runs the soak and returns its report. */
  SoakReport run() throws Exception {
    var leakCheck = LeakCheck.before(ToxicProxy.THREADS);
    var limit = ConcurrencyLimit.builder().max(PLACES).queue(QUEUE).build();
    SoakReport report;
    try (var model = new SlowModel(20, 2, CompletableFuture.completedFuture(null));
        var proxy = ToxicProxy.before(model.port(), Faults.none());
        var backend = LimitedBackend.around(GrpcBackend.connect(proxy.target()), limit);
        var server = serve(backend)) {
      long begun = System.nanoTime();
      traffic(server.port(), model, proxy);
      var left = leftAfter(model, backend);
      report = new SoakReport(tally, faults, System.nanoTime() - begun, List.copyOf(heap), left);
    }
    leakCheck.assertNone();
    return report;
  }

  private static ReferenceServer serve(LimitedBackend backend) throws IOException {
    return ReferenceServer.start(
        OpenAiKServe.builder(backend)
            .model(
                "m",
                m ->
                    m.dialect(Dialects.ANYSERVE)
                        .chatTemplate(ChatTemplates.QWEN25)
                        .maxConcurrentChoices(2)
                        .timeout(LIMIT))
            .build()
            .httpHandler(),
        ServerOptions.defaults());
  }

  private void traffic(int port, SlowModel model, ToxicProxy proxy) throws Exception {
    long end = System.nanoTime() + duration.toNanos();
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        var client = new SoakClient(port, model, tally, new Random(i));
        running.add(clients.submit(() -> client.run(end)));
      }
      harm(proxy, end);
      proxy.fault(Faults.none());
      for (Future<?> client : running) {
        client.get(60, TimeUnit.SECONDS);
      }
    } finally {
      clients.shutdownNow();
    }
  }

  /** Adds short faults with pauses between them, and samples the heap. */
  private void harm(ToxicProxy proxy, long end) throws Exception {
    var random = new Random(7);
    List<Fault> all = List.copyOf(FAULTS.values());
    long moment = Math.max(100, duration.toMillis() / 200);
    long sample = duration.toNanos() / SAMPLES;
    long next = System.nanoTime() + sample;
    while (System.nanoTime() < end) {
      boolean calm = random.nextInt(CALM_OF) > 0;
      proxy.fault(calm ? Faults.none() : all.get(random.nextInt(all.size())));
      if (!calm) {
        faults++;
        proxy.resetAll();
      }
      TimeUnit.MILLISECONDS.sleep(Math.min(moment, 1000));
      if (!calm) {
        proxy.fault(Faults.none());
        proxy.resetAll();
      }
      if (System.nanoTime() >= next) {
        next += sample;
        heap.add(usedHeap());
      }
    }
    heap.add(usedHeap());
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }

  /** Returns the calls that still run after every client has stopped; soon none. */
  private static int leftAfter(SlowModel model, LimitedBackend backend) {
    var calls =
        new LeakCheck()
            .with("calls at the model", () -> model.open())
            .with("places taken", () -> backend.running())
            .with("waiting", () -> backend.waiting());
    return calls.settle().values().stream().mapToInt(Integer::intValue).sum();
  }
}
