package io.github.openaikserve.server.command;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles signals of the operating system. A shutdown hook cannot tell SIGINT from SIGTERM, but
 * {@code sun.misc.Signal} can, and every JDK has it. It is used by reflection, because the compiler
 * warns about it.
 */
final class Signals {
  private static final Logger log = LoggerFactory.getLogger(Signals.class);

  /** The exit status of a process that SIGINT ended. */
  private static final int INTERRUPTED = 130;

  private Signals() {}

  /** Runs {@code action} on a separate thread for each SIGHUP, if the platform has that signal. */
  static void onHangUp(Runnable action) {
    handle("HUP", action);
  }

  /**
   * Handles Ctrl-C in a terminal. The first one runs {@code first} and shuts the process down; a
   * second one ends the process at once.
   */
  static void onInterrupt(Runnable first) {
    var count = new AtomicInteger();
    handle(
        "INT",
        () -> {
          if (count.incrementAndGet() > 1) {
            Runtime.getRuntime().halt(INTERRUPTED);
          }
          first.run();
          new Thread(() -> System.exit(INTERRUPTED), "interrupted").start();
        });
  }

  private static void handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object handles =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                }
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), handles);
    } catch (ReflectiveOperationException | IllegalArgumentException e) { // -Xrs, or no such signal
      log.debug("signal not handled signal={}", name, e);
    }
  }
}
