package io.github.openaikserve.internal.concurrent;

import java.util.Collection;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls of an application's or a backend's code that must not prevent the caller's next step,
 * whatever they throw.
 */
public final class Guarded {
  private static final Logger log = LoggerFactory.getLogger(Guarded.class);

  private Guarded() {}

  /**
   * Runs an action, and logs what it throws.
   *
   * @param what the action in the log line, such as {@code cancelling a call}
   */
  public static void run(String what, Runnable action) {
    try {
      action.run();
    } catch (Throwable e) {
      log.warn("{} failed", what, e);
    }
  }

  /** Runs an action for each of the items, and logs what it throws. */
  public static <T> void forEach(
      Collection<? extends T> items, String what, Consumer<? super T> action) {
    items.forEach(item -> run(what, () -> action.accept(item)));
  }
}
