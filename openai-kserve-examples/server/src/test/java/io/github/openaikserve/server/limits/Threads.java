package io.github.openaikserve.server.limits;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Threads that start the same task at the same time. */
final class Threads implements AutoCloseable {
  private final int count;
  private final ExecutorService threads;

  Threads(int count) {
    this.count = count;
    this.threads = Executors.newFixedThreadPool(count);
  }

  /** A task. */
  interface Task {
    void run(int thread) throws Exception;
  }

  /** Runs the task on each thread; rethrows a failure of any of them. */
  void run(Task task) throws Exception {
    var start = new CyclicBarrier(count);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int thread = i;
      running.add(
          threads.submit(
              () -> {
                start.await();
                task.run(thread);
                return null;
              }));
    }
    for (Future<?> done : running) {
      done.get(30, TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
