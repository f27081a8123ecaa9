package io.github.openaikserve.grpc;

import io.grpc.Channel;
import io.grpc.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where streams are to be had: at one place, or at the other if not at the first. Thread-safe. */
final class StreamEndpoints {
  private final Way first;
  private final @Nullable Way other;
  private volatile boolean otherWorks;

  private StreamEndpoints(Way first, @Nullable Way other) {
    this.first = first;
    this.other = other;
  }

  static StreamEndpoints only(Way way) {
    return new StreamEndpoints(way, null);
  }

  /** {@code other} is tried, and remembered, when {@code first} has no streams. */
  static StreamEndpoints orElse(Way first, Way other) {
    return new StreamEndpoints(first, other);
  }

  /** Where to try, in order. */
  List<Channel> candidates(boolean repeatable) {
    if (other == null) {
      return List.of(first.channel(repeatable));
    }
    return otherWorks
        ? List.of(other.channel(repeatable))
        // Whether anybody is there is asked once: to insist would only delay the answer.
        : List.of(first.channel(repeatable), other.once());
  }

  /** Says that a response came from there. */
  void worked(Channel channel) {
    if (!otherWorks && other != null && other.has(channel)) {
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
