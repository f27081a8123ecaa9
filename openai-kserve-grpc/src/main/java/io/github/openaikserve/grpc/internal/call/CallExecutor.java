package io.github.openaikserve.grpc.internal.call;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application's executor for the signals of calls. A task that it rejects runs on the calling
 * thread, because a call whose signals are lost never ends. Thread-safe.
 */
public final class CallExecutor implements Executor {
  private static final Logger log = LoggerFactory.getLogger(CallExecutor.class);

  private final Executor executor;
  private final AtomicBoolean warned = new AtomicBoolean();

  public CallExecutor(Executor executor) {
    this.executor = executor;
  }

  @Override
  public void execute(Runnable task) {
    var begun = new AtomicBoolean();
    Runnable once =
        () -> {
          if (begun.compareAndSet(false, true)) {
            task.run();
          }
        };
    try {
      executor.execute(once);
    } catch (Throwable e) {
      if (warned.compareAndSet(false, true)) {
        log.warn("executor of calls failed, its tasks run on network threads", e);
      }
      once.run();
    }
  }
}
