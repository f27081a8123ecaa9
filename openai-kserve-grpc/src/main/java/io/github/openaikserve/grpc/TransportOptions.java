package io.github.openaikserve.grpc;

import io.grpc.ManagedChannelBuilder;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets options of gRPC's transports for which its channel builders have no common method. A
 * transport without an option keeps its own default.
 *
 * <p>The module uses only the stable API of gRPC, with these exceptions:
 *
 * <ul>
 *   <li>the two reflective options here: gRPC lets the window of a fast stream grow to 8 MiB, which
 *       stays in memory if the subscriber stops reading, and netty's connect timeout is 30 seconds;
 *   <li>{@code SecurityLevel} in {@code TokenCredentials}: a token is not sent without TLS.
 * </ul>
 *
 * <p><b>Source:</b> grpc/grpc-java, netty/.../NettyChannelBuilder.java, AbstractNettyHandler.java.
 */
final class TransportOptions {
  private static final Logger log = LoggerFactory.getLogger(TransportOptions.class);
  private static final String SHADED = "io.grpc.netty.shaded.";
  private static final String OPTION = "io.netty.channel.ChannelOption";

  private static final int MIN_WINDOW = 64 << 10;

  private TransportOptions() {}

  /**
   * Returns a setting of the flow-control window of each stream. It throws {@link
   * IllegalArgumentException} if the transport does not accept the value.
   *
   * @throws IllegalArgumentException if the window is too small
   */
  static Consumer<ManagedChannelBuilder<?>> flowControlWindow(int bytes) {
    if (bytes < MIN_WINDOW) {
      throw new IllegalArgumentException(
          "the flow-control window must be at least 65536 bytes (64 KiB), found " + bytes);
    }
    return channel -> {
      try {
        channel.getClass().getMethod("flowControlWindow", int.class).invoke(channel, bytes);
      } catch (ReflectiveOperationException e) {
        refused(channel, "flowControlWindow", e);
      }
    };
  }

  /**
   * Returns a setting of the time limit of establishing a TCP connection, for netty.
   *
   * @throws IllegalArgumentException if the limit is less than a millisecond
   */
  static Consumer<ManagedChannelBuilder<?>> connectTimeout(Duration timeout) {
    if (timeout.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException(
          "the connect timeout must be at least 1 ms, found " + timeout);
    }
    return channel -> {
      Class<?> type = channel.getClass();
      String prefix = type.getName().startsWith(SHADED) ? SHADED : "";
      try {
        Class<?> option = Class.forName(prefix + OPTION, false, type.getClassLoader());
        type.getMethod("withOption", option, Object.class)
            .invoke(
                channel,
                option.getField("CONNECT_TIMEOUT_MILLIS").get(null),
                (int) Math.min(Integer.MAX_VALUE, TimeUnit.MILLISECONDS.convert(timeout)));
      } catch (ReflectiveOperationException e) {
        refused(channel, "CONNECT_TIMEOUT_MILLIS", e);
      }
    };
  }

  private static void refused(
      ManagedChannelBuilder<?> channel, String option, ReflectiveOperationException failure) {
    if (failure instanceof InvocationTargetException) {
      throw new IllegalArgumentException(
          "%s does not accept the value of %s".formatted(channel.getClass().getName(), option),
          failure.getCause());
    }
    log.debug(
        "transport option not available transport={} option={}",
        channel.getClass().getName(),
        option,
        failure);
  }
}
