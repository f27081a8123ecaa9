package io.github.openaikserve.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A benchmark of a raw stub, the library, a bare server and the reference server with the same
 * worker, by turns in one run. Writes a table, ratios and a plot. Requires only the server's jar.
 */
@Command(
    name = "whole-path",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Measures the whole path with processes on loopback; writes a table and a plot.")
public final class WholePath implements Callable<Integer> {
  private static final int TOKENS = 200;
  private static final int PACED_TOKENS = 100;
  private static final int MAX_THREADS = 64;
  private static final int WARM_UP_STREAMS = 64;
  private static final int KILO = 1000;
  private static final String SERVER = "server";
  private static final Set<String> WHOLE_ONLY = Set.of("raw-folded", "server-unary");

  /** The same number of model calls, as choices of some requests and as requests. */
  private static final List<Work> CHOICES =
      List.of(new Work(8, TOKENS, 0, false, 8), new Work(64, TOKENS, 0, false));

  @Option(
      names = "--streams",
      split = ",",
      defaultValue = "1,8,64,512",
      description = "Numbers of concurrent streams (default: ${DEFAULT-VALUE}).")
  private List<Integer> streams = List.of();

  @Option(
      names = "--growth",
      split = ",",
      defaultValue = "8,64,512,2000",
      description =
          "Numbers of concurrent streams of the growth measurement (default: ${DEFAULT-VALUE}).")
  private List<Integer> growth = List.of();

  @Option(
      names = "--parts",
      split = ",",
      defaultValue = "zero,paced,growth,whole,choices",
      description =
          "Measurements: streams without and with a pace, growth, whole answers, and the choices of"
              + " one request against as many requests (default: ${DEFAULT-VALUE}).")
  private List<String> parts = List.of();

  @Option(
      names = "--only",
      split = ",",
      description =
          "Clients, of raw, raw-direct, raw-folded, library, library-direct, blocking, bare,"
              + " bare-gathered, server, server-unary, other (default: all).")
  private @Nullable List<String> only;

  @Option(
      names = "--seconds",
      defaultValue = "4",
      description = "Duration of each measurement in seconds (default: ${DEFAULT-VALUE}).")
  private int seconds = 4;

  @Option(
      names = "--warm-up",
      defaultValue = "400",
      description =
          "Warm-up of each process in thousands of tokens, extended until JIT compilation has"
              + " settled; 0 for none (default: ${DEFAULT-VALUE}).")
  private int warmUp = 400;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description =
          "Number of rounds, of which the median is reported (default: ${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(
      names = "--pace",
      defaultValue = "20",
      description =
          "Milliseconds between the tokens of a paced stream (default: ${DEFAULT-VALUE}).")
  private int pace = 20;

  @Option(
      names = "--growth-pace",
      defaultValue = "100",
      description =
          "Milliseconds between tokens in the growth measurement (default: ${DEFAULT-VALUE}).")
  private int growthPace = 100;

  @Option(
      names = "--other",
      paramLabel = "URL",
      description =
          "URL of another OpenAI server with the same worker; its CPU time is not measured.")
  private @Nullable String other;

  @Option(
      names = "--other-model",
      defaultValue = "m",
      description = "Name of the other server's model (default: ${DEFAULT-VALUE}).")
  private String otherModel = "m";

  @Option(
      names = "--jvm",
      split = " ",
      defaultValue = "-Xmx512m -XX:+UseParallelGC",
      description = "JVM options of every process (default: ${DEFAULT-VALUE}).")
  private List<String> jvm = List.of("-Xmx512m", "-XX:+UseParallelGC");

  @Option(
      names = "--out",
      defaultValue = "target/bench",
      description = "Output folder (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("target/bench");

  private final List<Measured> results = new ArrayList<>();
  private final List<Measured> choices = new ArrayList<>();

  /** A client and its work. */
  private record Turn(String client, Work work) {}

  /** Measures, prints the table and the paths of the files. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new WholePath()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (var clients = new Clients(jvm, other, otherModel)) {
      open(clients);
      if (parts.contains("zero")) {
        forEach(clients, streams, 0, TOKENS, false);
      }
      if (parts.contains("paced")) {
        forEach(clients, streams, pace, PACED_TOKENS, false);
      }
      if (parts.contains("whole")) {
        forEach(clients, streams, 0, PACED_TOKENS, true);
      }
      if (parts.contains("growth")) {
        clients.keepOnly(SERVER);
        forEach(clients, growth, growthPace, PACED_TOKENS, false);
      }
      if (parts.contains("choices") && clients.opened().contains(SERVER)) {
        clients.keepOnly(SERVER);
        List<Turn> turns = CHOICES.stream().map(work -> new Turn(SERVER, work)).toList();
        choices.addAll(byTurns(clients, turns));
      }
      write(clients);
    }
    return 0;
  }

  private void open(Clients clients) throws IOException, InterruptedException {
    for (String client : clients.names()) {
      if (only == null || only.contains(client)) {
        clients.open(client);
        if (warmUp > 0) {
          System.err.println("warming up " + client);
          boolean whole = WHOLE_ONLY.contains(client);
          clients.warmUp(client, new Work(WARM_UP_STREAMS, TOKENS, 0, whole), warmUp * KILO);
        }
      }
    }
  }

  private void forEach(Clients clients, List<Integer> counts, int pace, int tokens, boolean whole)
      throws IOException, InterruptedException {
    for (int count : counts) {
      var work = new Work(count, tokens, pace, whole);
      List<Turn> turns =
          clients.opened().stream()
              .filter(client -> takes(client, work))
              .map(client -> new Turn(client, work))
              .toList();
      results.addAll(byTurns(clients, turns));
    }
  }

  /** Measures by turns, because the machine's load varies, and returns the medians. */
  private List<Measured> byTurns(Clients clients, List<Turn> turns)
      throws IOException, InterruptedException {
    if (warmUp > 0) {
      for (Turn turn : turns) {
        clients.warmUp(turn.client(), turn.work(), 0);
      }
    }
    Map<Turn, List<Measured>> measured = new LinkedHashMap<>();
    for (int i = 0; i < rounds; i++) {
      for (Turn turn : turns) {
        measured
            .computeIfAbsent(turn, first -> new ArrayList<>())
            .add(clients.measure(turn.client(), turn.work(), seconds));
      }
    }
    List<Measured> medians = new ArrayList<>();
    for (List<Measured> one : measured.values()) {
      one.sort(Comparator.comparingDouble(Measured::cpu));
      Measured median = one.get(one.size() / 2);
      medians.add(median);
      System.err.println(Table.line(median));
    }
    return medians;
  }

  private static boolean takes(String client, Work work) {
    if (work.whole()) {
      return !client.equals("raw") && !client.equals("blocking");
    }
    return !WHOLE_ONLY.contains(client)
        && (!client.equals("blocking") || work.streams() <= MAX_THREADS);
  }

  private void write(Clients clients) throws IOException {
    Files.createDirectories(out);
    List<Measured> all = Stream.concat(results.stream(), choices.stream()).toList();
    String ratios = Ratios.of(results, choices);
    String table = Table.of(all) + "\n" + ratios + "\n" + clients.memory();
    Files.writeString(out.resolve("whole-path.md"), table);
    Files.writeString(
        out.resolve("whole-path.svg"),
        Plot.of(
            results, "CPU of the measured process for each token, microseconds", Measured::cpu));
    Files.writeString(
        out.resolve("whole-path-latency.svg"),
        Plot.of(
            results,
            "Time to the first token, 99th percentile, microseconds",
            Measured::firstTokenP99));
    System.out.println(table);
    System.out.println("written to " + out.toAbsolutePath());
  }
}
