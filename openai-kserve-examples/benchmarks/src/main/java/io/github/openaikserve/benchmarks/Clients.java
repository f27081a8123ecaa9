package io.github.openaikserve.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The processes of a measurement: a worker and the clients and servers. Not thread-safe. */
final class Clients implements AutoCloseable {
  private static final String BARE = "bare";
  private static final String SERVER = "server";
  private static final String OTHER = "other";
  private static final int KILO = 1000;
  private static final int LONGEST_WARM_UP = 120;
  private static final int LONGEST_REQUEST = 30;

  private final List<String> jvm;
  private final @Nullable String otherUrl;
  private final String otherModel;
  private final Spawned worker;
  private final Map<String, Reader> readers = new LinkedHashMap<>();
  private final StringBuilder memory = new StringBuilder();

  /** The process that makes the load and the process that is measured, which may be the same. */
  private record Reader(Spawned load, Spawned measured) {}

  Clients(List<String> jvm, @Nullable String otherUrl, String otherModel) throws IOException {
    this.jvm = jvm;
    this.otherUrl = otherUrl;
    this.otherModel = otherModel;
    this.worker = new Spawned(jvm, "worker");
  }

  List<String> names() {
    List<String> names =
        new ArrayList<>(
            List.of(
                "raw",
                "raw-direct",
                "raw-folded",
                "library",
                "library-direct",
                "blocking",
                BARE,
                BARE + "-gathered",
                SERVER,
                SERVER + "-unary"));
    if (otherUrl != null) {
      names.add(OTHER);
    }
    return names;
  }

  List<String> opened() {
    return List.copyOf(readers.keySet());
  }

  void open(String name) throws IOException {
    if (name.startsWith(BARE) || name.startsWith(SERVER)) {
      var server = new Spawned(jvm, name, worker.target());
      readers.put(name, new Reader(http("http://" + server.target(), "m"), server));
    } else if (name.equals(OTHER) && otherUrl != null) {
      Spawned load = http(otherUrl, otherModel);
      readers.put(name, new Reader(load, load));
    } else {
      var client = new Spawned(jvm, name, worker.target());
      readers.put(name, new Reader(client, client));
    }
  }

  private Spawned http(String url, String model) throws IOException {
    return new Spawned(jvm, "http", url, model);
  }

  /** Ends all other processes, because idle processes use some CPU too. */
  void keepOnly(String name) throws IOException {
    for (String other : opened()) {
      if (!other.equals(name)) {
        end(readers.get(other));
        readers.remove(other);
      }
    }
  }

  /**
   * Warms a process up: reads this many tokens, and more until JIT compilation has settled, so that
   * the measurement does not include compilation.
   */
  void warmUp(String name, Work work, int tokens) throws IOException, InterruptedException {
    Reader reader = reader(name);
    long from = reader.load().sample().tokens();
    long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_WARM_UP);
    reader.load().ask("start " + work.line());
    boolean busy = true;
    while (System.nanoTime() < latest
        && (busy || reader.load().sample().tokens() - from < tokens)) {
      long before = reader.measured().sample().compiling();
      Thread.sleep(2 * KILO);
      busy = reader.measured().sample().compiling() - before > 2 * KILO / 20;
    }
    reader.load().ask("stop");
    Thread.sleep(KILO / 2);
  }

  private Reader reader(String name) {
    Reader reader = readers.get(name);
    if (reader == null) {
      throw new IllegalArgumentException(name);
    }
    return reader;
  }

  Measured measure(String name, Work work, int seconds) throws IOException, InterruptedException {
    Reader reader = reader(name);
    long idle = remembersMemory(name, work) ? reader.measured().live().live() : 0;
    reader.load().ask("start " + work.line());
    Thread.sleep(KILO + work.paceMillis() * 20L); // until there are streams of all ages
    reader.load().ask("reset");
    Sample before = reader.load().sample();
    Sample costBefore = reader.measured().sample();
    Thread.sleep(seconds * (long) KILO);
    Sample after = afterOneRequest(reader, work, before);
    Sample costAfter = reader.measured().sample();
    if (idle > 0) {
      remember(work, idle, reader.measured().live().live());
    }
    reader.load().ask("stop");
    Thread.sleep(KILO / 2);
    return Measured.between(name, work, before, after, costBefore, costAfter);
  }

  /**
   * Returns a sample after at least one request, which takes longer than the measurement on a
   * machine with other work. Gives up after a time limit.
   */
  private static Sample afterOneRequest(Reader reader, Work work, Sample before)
      throws IOException, InterruptedException {
    long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_REQUEST);
    Sample after = reader.load().sample();
    while (System.nanoTime() < latest
        && (after.requests() == before.requests()
            || (!work.whole() && after.firstTokenP99() == 0))) {
      Thread.sleep(KILO / 10);
      after = reader.load().sample();
    }
    return after;
  }

  private static boolean remembersMemory(String name, Work work) {
    return name.equals(SERVER) && work.paceMillis() > 0 && work.streams() >= 64;
  }

  private void remember(Work work, long idle, long live) {
    memory.append(
        "%d paced streams hold %.1f kB each in the server (objects and direct buffers).%n"
            .formatted(work.streams(), (live - idle) / (double) work.streams() / KILO));
  }

  String memory() {
    return memory.toString();
  }

  private static void end(@Nullable Reader reader) throws IOException {
    if (reader != null) {
      reader.load().close();
      reader.measured().close();
    }
  }

  @Override
  public void close() throws IOException {
    for (Reader reader : readers.values()) {
      end(reader);
    }
    worker.close();
  }
}
