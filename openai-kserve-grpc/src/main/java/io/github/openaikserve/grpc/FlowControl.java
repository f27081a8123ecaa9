package io.github.openaikserve.grpc;

import io.grpc.ManagedChannelBuilder;
import java.lang.reflect.InvocationTargetException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much of one stream may be on its way or wait in this process.
 *
 * <p>Without a limit of its own gRPC lets the window of a fast stream grow to 8 MiB, all of which a
 * reader that stops would leave in memory. Source: {@code grpc/grpc-java}: {@code
 * netty/.../NettyChannelBuilder.java}, {@code AbstractNettyHandler.java}.
 */
final class FlowControl {
  private static final Logger log = LoggerFactory.getLogger(FlowControl.class);

  private FlowControl() {}

  /**
   * Sets the window. All of gRPC's transports over sockets have the method, but no type of theirs
   * in common; which one there is, is the application's choice.
   */
  static void limit(ManagedChannelBuilder<?> channel, int window) {
    try {
      channel.getClass().getMethod("flowControlWindow", int.class).invoke(channel, window);
    } catch (NoSuchMethodException | IllegalAccessException e) {
      log.debug("this transport's flow control is its own affair", e);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException("no flow-control window: " + window, e.getCause());
    }
  }
}
