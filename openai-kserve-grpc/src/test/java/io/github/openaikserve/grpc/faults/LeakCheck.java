package io.github.openaikserve.grpc.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * A check for leaked resources: compares the numbers of sockets, threads and a test's own counters
 * before and after. Counts sockets only if the system has {@code /proc}.
 */
public final class LeakCheck {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long PAUSE_NANOS = 5_000_000;

  private record Count(String what, IntSupplier now, int before) {}

  private final List<Count> counts = new ArrayList<>();

  static {
    // The JDK creates an internal socket when it first closes one, and keeps it.
    try (var first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      first.setReuseAddress(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Counts the current sockets and the threads whose names begin with {@code prefix}. */
  public static LeakCheck before(String prefix) {
    return new LeakCheck()
        .with("sockets", LeakCheck::sockets)
        .with("threads " + prefix, () -> threads(prefix));
  }

  /** Adds a counter. */
  public LeakCheck with(String what, IntSupplier now) {
    counts.add(new Count(what, now, now.getAsInt()));
    return this;
  }

  /** Waits until no resource is left; fails with the remaining ones after a timeout. */
  public void assertNone() {
    Map<String, Integer> left = settle();
    if (!left.isEmpty()) {
      throw new AssertionError("left behind: " + left + connections());
    }
  }

  /** Waits until no resource is left; returns the remaining ones after a timeout. */
  public Map<String, Integer> settle() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!left().isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return left();
  }

  /** Returns the counters that have increased, with the differences. */
  public Map<String, Integer> left() {
    Map<String, Integer> left = new TreeMap<>();
    for (Count count : counts) {
      int more = count.now().getAsInt() - count.before();
      if (more > 0) {
        left.put(count.what(), more);
      }
    }
    return left;
  }

  /** Returns the number of open sockets of this process; 0 if unknown. */
  public static int sockets() {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return 0;
    }
    try (Stream<Path> open = Files.list(DESCRIPTORS)) {
      return (int) open.filter(LeakCheck::isSocket).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isSocket(Path descriptor) {
    return link(descriptor).startsWith("socket:");
  }

  private static String link(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }

  /** Returns the system's list of open sockets, to find their owners. */
  private static String connections() {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return "";
    }
    var said = new StringBuilder();
    try (Stream<Path> open = Files.list(DESCRIPTORS)) {
      List<String> inodes =
          open.map(LeakCheck::link)
              .filter(link -> link.startsWith("socket:"))
              .map(link -> link.replaceAll("\\D", ""))
              .toList();
      said.append("; open: ").append(inodes);
      for (String table : List.of("tcp", "tcp6", "unix")) {
        for (String line : Files.readAllLines(Path.of("/proc/self/net", table))) {
          if (inodes.stream().anyMatch(inode -> (line + " ").contains(" " + inode + " "))) {
            said.append(System.lineSeparator()).append(table).append(": ").append(line.strip());
          }
        }
      }
    } catch (IOException e) {
      said.append(e);
    }
    return said.toString();
  }

  private static int threads(String prefix) {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith(prefix))
            .count();
  }
}
