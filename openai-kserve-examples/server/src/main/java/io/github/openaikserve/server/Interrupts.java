package io.github.openaikserve.server;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ctrl-C in a terminal: the first ends the server without its shutdown delay, which is for load
 * balancers, and a second one ends the process at once.
 *
 * <p>A shutdown hook cannot tell SIGINT from SIGTERM. The JDK's {@code sun.misc.Signal} can, which
 * every JDK has; javac warns of it, so it is used by reflection.
 */
final class Interrupts {
  private static final Logger log = LoggerFactory.getLogger(Interrupts.class);

  /** The status of a process that SIGINT ended. */
  private static final int STATUS = 130;

  private Interrupts() {}

  /** Handles SIGINT from now on; {@code first} runs at the first one, before the shutdown. */
  static void handle(Runnable first) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Method handle = signal.getMethod("handle", signal, handler);
      var count = new AtomicInteger();
      InvocationHandler onSignal =
          (proxy, method, arguments) -> {
            if (!method.getName().equals("handle")) {
              return null;
            }
            if (count.incrementAndGet() > 1) {
              Runtime.getRuntime().halt(STATUS);
            }
            first.run();
            new Thread(() -> System.exit(STATUS), "interrupted").start();
            return null;
          };
      handle.invoke(
          null,
          signal.getConstructor(String.class).newInstance("INT"),
          Proxy.newProxyInstance(
              Interrupts.class.getClassLoader(), new Class<?>[] {handler}, onSignal));
    } catch (ReflectiveOperationException | IllegalArgumentException e) { // -Xrs, or no such signal
      log.debug("SIGINT is not handled", e);
    }
  }
}
