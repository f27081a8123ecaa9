package io.github.openaikserve.grpc;

import io.grpc.Channel;
import io.grpc.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where streams are to be had: at one place, or at the other if not at the first. Thread-safe. */
final class StreamEndpoints {
  private final Channel first;
  private final @Nullable Channel other;
  private volatile boolean otherWorks;

  private StreamEndpoints(Channel first, @Nullable Channel other) {
    this.first = first;
    this.other = other;
  }

  static StreamEndpoints only(Channel channel) {
    return new StreamEndpoints(channel, null);
  }

  /** {@code other} is tried, and remembered, when {@code first} has no streams. */
  static StreamEndpoints orElse(Channel first, Channel other) {
    return new StreamEndpoints(first, other);
  }

  /** Where to try, in order. */
  List<Channel> candidates() {
    if (other == null) {
      return List.of(first);
    }
    return otherWorks ? List.of(other) : List.of(first, other);
  }

  /** Says that a response came from there. */
  void worked(Channel channel) {
    if (channel == other) {
      otherWorks = true;
    }
  }

  /** What a failure of the last candidate means: that nobody is there means no streams at all. */
  Status meaning(Status last, List<Channel> tried) {
    return tried.size() > 1 && last.getCode() == Status.Code.UNAVAILABLE
        ? Status.UNIMPLEMENTED.withDescription("streams were found on neither port")
        : last;
  }
}
