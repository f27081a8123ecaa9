package io.github.openaikserve.grpc;

import io.github.openaikserve.backend.InferenceBackend;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls at fixed times, independent of each other. */
final class Traffic implements AutoCloseable {
  /**
   * A call that has ended.
   *
   * @param began when it began, as {@link System#nanoTime}
   * @param ended when it ended, as {@link System#nanoTime}
   */
  record Call(long began, long ended, boolean failed) {}

  private final AtomicInteger begun = new AtomicInteger();
  private final Queue<Call> ended = new ConcurrentLinkedQueue<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final InferenceBackend backend;

  Traffic(InferenceBackend backend, Duration interval) {
    this.backend = backend;
    var unused = clock.scheduleAtFixedRate(this::call, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void call() {
    long began = System.nanoTime();
    begun.incrementAndGet();
    Recorder.of(
        backend.infer(Servers.streamCall()),
        call -> ended.add(new Call(began, System.nanoTime(), call.hasFailed())));
  }

  /** Makes calls for a time, and returns afterwards. */
  void goOnFor(Duration time) throws Exception {
    clock.schedule(() -> {}, time.toNanos(), TimeUnit.NANOSECONDS).get();
  }

  /** Returns the calls that have ended, in the order of their ends. */
  List<Call> ended() {
    return List.copyOf(ended);
  }

  /** Returns the calls that have ended since then, in the order of their ends. */
  List<Call> endedAfter(long moment) {
    return ended.stream().filter(call -> call.ended() - moment > 0).toList();
  }

  /** Stops making calls, and returns all calls after the last one has ended. */
  List<Call> finish() throws InterruptedException {
    clock.shutdown();
    clock.awaitTermination(10, TimeUnit.SECONDS);
    Fleet.await(() -> ended.size() == begun.get());
    return ended();
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
