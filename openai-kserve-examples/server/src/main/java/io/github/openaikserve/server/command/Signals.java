package io.github.openaikserve.server.command;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals of the operating system. A shutdown hook cannot tell SIGINT from SIGTERM; {@code
 * sun.misc.Signal} can, which every JDK has. The compiler warns of it, so it is used by reflection.
 */
final class Signals {
  private static final Logger log = LoggerFactory.getLogger(Signals.class);

  /** The status of a process that SIGINT ended. */
  private static final int INTERRUPTED = 130;

  private Signals() {}

  /** Runs {@code action} on each SIGHUP, on its own thread; never where there is no SIGHUP. */
  static void onHangUp(Runnable action) {
    handle("HUP", action);
  }

  /**
   * Handles Ctrl-C in a terminal: at the first one {@code first} runs and the process shuts down; a
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
