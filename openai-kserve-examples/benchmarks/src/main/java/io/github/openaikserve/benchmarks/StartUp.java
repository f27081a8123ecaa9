package io.github.openaikserve.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A benchmark of the start: the time and the CPU to the first answer, with and without a class
 * archive, and the CPU of each request until the JVM's compiler has settled. Needs the server's jar
 * and its launcher.
 */
@Command(
    name = "start-up",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Measures the server's start and its first requests; writes a table and a plot.")
public final class StartUp implements Callable<Integer> {
  private static final Pattern ADDRESS = Pattern.compile("listens on (http://\\S+)");
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String BODY =
      "{\"stream\":true,\"max_tokens\":20,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  @Option(
      names = "--java-home",
      split = ",",
      description = "Paths of JDKs (default: the current one).")
  private List<Path> homes = List.of(Path.of(System.getProperty("java.home")));

  @Option(
      names = "--starts",
      defaultValue = "5",
      description =
          "Number of starts of each kind, of which the median is reported (default:"
              + " ${DEFAULT-VALUE}).")
  private int starts = 5;

  @Option(
      names = "--counts",
      split = ",",
      defaultValue = "1,10,100,300,1000,3000,10000,40000",
      description =
          "Numbers of requests after which the CPU time is read (default: ${DEFAULT-VALUE}).")
  private List<Integer> counts = List.of();

  @Option(
      names = "--training",
      description = "Number of requests that train an archive (default: the launcher's).")
  private @Nullable Integer training;

  @Option(
      names = "--jar",
      defaultValue = "../target/openai-kserve-server.jar",
      description = "The server (${DEFAULT-VALUE}).")
  private Path jar = Path.of("../target/openai-kserve-server.jar");

  @Option(
      names = "--launcher",
      defaultValue = "../server/deploy/openai-kserve-server",
      description = "The launcher (${DEFAULT-VALUE}).")
  private Path launcher = Path.of("../server/deploy/openai-kserve-server");

  @Option(
      names = "--out",
      defaultValue = "target/bench",
      description = "Output folder (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("target/bench");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Plot plot =
      new Plot("CPU of the server for each request, microseconds", "requests since the start");
  private final List<String> rows = new ArrayList<>();

  /** Measures, prints the table and the paths of the files. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new StartUp()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Files.createDirectories(out);
    try (var worker = new Worker()) {
      for (Path home : homes) {
        String jdk = "JDK " + feature(home);
        measure(jdk, home, worker, null);
        Path archives = Files.createDirectories(out.resolve("archives").toAbsolutePath());
        makeArchive(home, archives);
        measure(jdk + ", archive", home, worker, archives);
      }
    }
    String table =
        "| start | first answer, ms | CPU to it, ms | CPU of the first 3,000 requests / steady |\n"
            + "|---|---|---|---|\n"
            + String.join("\n", rows)
            + "\n";
    Files.writeString(out.resolve("start-up.md"), table);
    Files.writeString(out.resolve("start-up.svg"), plot.draw());
    System.out.println(table);
    System.out.println("written to " + out.toAbsolutePath());
    return 0;
  }

  private static String feature(Path home) throws IOException {
    Matcher version =
        Pattern.compile("JAVA_VERSION=\"(\\d+)").matcher(Files.readString(home.resolve("release")));
    return version.find() ? version.group(1) : home.toString();
  }

  private void makeArchive(Path home, Path archives) throws IOException, InterruptedException {
    ProcessBuilder builder = builder(home, archives, "--make-archive");
    builder.redirectError(ProcessBuilder.Redirect.INHERIT); // shows why there is no archive
    if (builder.start().waitFor() != 0) {
      throw new IOException("the launcher created no class archive");
    }
  }

  private ProcessBuilder builder(Path home, Path archives, String... arguments) {
    List<String> command = new ArrayList<>(List.of(launcher.toAbsolutePath().toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("JAVA_HOME", home.toString());
    builder.environment().put("OPENAI_KSERVE_JAR", jar.toAbsolutePath().toString());
    builder.environment().put("OPENAI_KSERVE_ARCHIVES", archives.toString());
    if (training != null) {
      builder.environment().put("OPENAI_KSERVE_TRAINING", training.toString());
    }
    return builder;
  }

  private void measure(String name, Path home, Worker worker, @Nullable Path archives)
      throws IOException, InterruptedException {
    List<Double> times = new ArrayList<>();
    List<Double> cpus = new ArrayList<>();
    for (int i = 0; i < starts; i++) {
      long begun = System.nanoTime();
      try (var server = new Server(home, worker, archives)) {
        server.request();
        times.add((System.nanoTime() - begun) / 1e6);
        cpus.add(server.cpuNanos() / 1e6);
      }
    }
    double ratio = curve(name, home, worker, archives);
    rows.add(
        String.format(
            Locale.ROOT, "| %s | %.0f | %.0f | %.1f |", name, median(times), median(cpus), ratio));
    System.err.println(rows.get(rows.size() - 1));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(0.0);
  }

  /** Returns the CPU of a request among the first 3,000, divided by that of the last ones. */
  private double curve(String name, Path home, Worker worker, @Nullable Path archives)
      throws IOException, InterruptedException {
    try (var server = new Server(home, worker, archives)) {
      long begun = server.cpuNanos();
      long before = begun;
      int sent = 0;
      double early = 0;
      double last = 0;
      for (int count : counts) {
        int requests = count - sent;
        for (; sent < count; sent++) {
          server.request();
        }
        long now = server.cpuNanos();
        last = (now - before) / 1e3 / requests;
        plot.add(name, new Plot.Point(count, last));
        early = count <= 3000 ? (now - begun) / 1e3 / count : early;
        before = now;
      }
      return early / last;
    }
  }

  /** A server in a separate process, over the worker of this process. */
  private final class Server implements AutoCloseable {
    private final Process process;
    private final HttpRequest request;

    Server(Path home, Worker worker, @Nullable Path archives) throws IOException {
      String[] arguments = {"--port", "0", "--anyserve-endpoint", "127.0.0.1:" + worker.port()};
      ProcessBuilder builder = builder(home, archives == null ? Path.of("") : archives, arguments);
      process = builder.start();
      BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
      String line = lines.readLine();
      Matcher found = ADDRESS.matcher(String.valueOf(line));
      if (!found.find()) {
        throw new IOException("the server did not start: " + line);
      }
      request =
          HttpRequest.newBuilder(URI.create(found.group(1)).resolve("/v1/chat/completions"))
              .timeout(LIMIT)
              .POST(HttpRequest.BodyPublishers.ofString(BODY))
              .build();
    }

    void request() throws IOException, InterruptedException {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (!response.body().endsWith("data: [DONE]\n\n")) {
        throw new IOException("incomplete answer: " + response.body());
      }
    }

    long cpuNanos() {
      return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }
  }
}
