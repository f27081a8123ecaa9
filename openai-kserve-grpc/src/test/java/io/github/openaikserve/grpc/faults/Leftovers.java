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
 * Counts what must be as before when all is over: sockets, threads, and whatever a test counts
 * itself. Sockets only where the system shows them in {@code /proc}.
 */
public final class Leftovers {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long PAUSE_NANOS = 5_000_000;

  private record Count(String what, IntSupplier now, int before) {}

  private final List<Count> counts = new ArrayList<>();

  static {
    // The JDK makes a socket of its own when it first closes one, and keeps it.
    try (var first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      first.setReuseAddress(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Counts sockets and the threads whose names begin with {@code prefix}, as they are now. */
  public static Leftovers before(String prefix) {
    return new Leftovers()
        .with("sockets", Leftovers::sockets)
        .with("threads " + prefix, () -> threads(prefix));
  }

  /** Counts something else as well. */
  public Leftovers with(String what, IntSupplier now) {
    counts.add(new Count(what, now, now.getAsInt()));
    return this;
  }

  /** Waits until nothing is left, and fails with what is if that takes too long. */
  public void assertNone() {
    Map<String, Integer> left = settle();
    if (!left.isEmpty()) {
      throw new AssertionError("left behind: " + left + connections());
    }
  }

  /** Waits until nothing is left, and tells what is if that takes too long. */
  public Map<String, Integer> settle() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!left().isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return left();
  }

  /** What there is more of than before, and by how many. */
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

  /** How many sockets this process has open; 0 where the system does not show them. */
  public static int sockets() {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return 0;
    }
    try (Stream<Path> open = Files.list(DESCRIPTORS)) {
      return (int) open.filter(Leftovers::isSocket).count();
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

  /** What the system says of the sockets that are open, to find out whose they are. */
  private static String connections() {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return "";
    }
    var said = new StringBuilder();
    try (Stream<Path> open = Files.list(DESCRIPTORS)) {
      List<String> inodes =
          open.map(Leftovers::link)
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
