package io.github.openaikserve.langchain4j;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads that run callbacks of the application. LangChain4j's handlers run tools, which may
 * block, and the threads of a backend must not block. So each running callback has a thread.
 */
final class CallbackThreads {
  static final Executor SHARED = create();

  private CallbackThreads() {}

  private static Executor create() {
    var number = new AtomicLong();
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        10,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          var thread = new Thread(task, "openai-kserve-langchain4j-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }
}
