package io.github.openaikserve.benchmarks;

import io.github.openaikserve.server.command.ServerCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A process of the measurement. It executes commands from its standard input and answers each with
 * one line, which a marker distinguishes from other output.
 */
final class Child {
  /** The marker at the beginning of answers. */
  static final String MARK = "#bench ";

  private final @Nullable Load load;

  private Child(@Nullable Load load) {
    this.load = load;
  }

  /** Runs a process; the first argument is its kind. */
  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "worker" -> {
        var worker = new Worker();
        say("" + worker.port());
        new Child(null).obey();
      }
      case "raw" -> run(new RawLoad(args[1], false, true));
      case "raw-direct" -> run(new RawLoad(args[1], true, true));
      case "raw-folded" -> run(new RawLoad(args[1], true, false));
      case "library" -> run(new LibraryLoad(args[1], false));
      case "library-direct" -> run(new LibraryLoad(args[1], true));
      case "blocking" -> run(new BlockingLoad(args[1]));
      case "http" -> run(new HttpLoad(args[1], args[2]));
      case "bare", "bare-gathered" -> {
        var server = new BareServer(args[1], args[0].equals("bare-gathered"));
        say("" + server.port());
        new Child(null).obey();
      }
      case "server" -> serve(args[1], false);
      case "server-unary" -> serve(args[1], true);
      default -> throw new IllegalArgumentException(args[0]);
    }
    System.exit(0);
  }

  private static void run(Load load) throws Exception {
    say("0");
    new Child(load).obey();
  }

  private static void serve(String endpoint, boolean unary) throws IOException {
    var commands =
        new Thread(
            () -> {
              try {
                new Child(null).obey();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              } finally {
                Runtime.getRuntime().halt(0);
              }
            },
            "commands");
    commands.setDaemon(true);
    commands.start();
    Path config = Files.createTempFile("bench", ".yaml");
    config.toFile().deleteOnExit();
    Files.writeString(
        config,
        """
        backends: [{name: worker, target: "%s"}]
        models: [{id: m, dialect: anyserve, unary_answers: %s}]
        """
            .formatted(endpoint, unary));
    ServerCommand.main(new String[] {"--port", "0", "--config", config.toString()});
  }

  private static void say(String answer) {
    System.out.println(MARK + answer);
    System.out.flush();
  }

  private void obey() throws IOException, InterruptedException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      int space = line.indexOf(' ');
      String verb = space < 0 ? line : line.substring(0, space);
      switch (verb) {
        case "start" -> {
          if (load != null) {
            load.start(Work.parse(line.substring(space + 1)));
          }
          say("started");
        }
        case "stop" -> {
          if (load != null) {
            load.stop();
          }
          say("stopped");
        }
        case "sample" -> say(sample(0).line());
        case "live" -> say(sample(Meter.live()).line());
        case "reset" -> {
          if (load != null) {
            load.firstTokens.clear();
          }
          say("reset");
        }
        default -> throw new IllegalArgumentException(line);
      }
    }
  }

  private Sample sample(long live) {
    return new Sample(
        System.nanoTime(),
        load == null ? 0 : load.tokens.sum(),
        load == null ? 0 : load.requests.sum(),
        load == null ? 0 : load.failures.sum(),
        Meter.cpu(),
        Meter.compiling(),
        Meter.allocated(),
        Meter.resident(),
        live,
        load == null ? 0 : load.firstTokens.percentile(50),
        load == null ? 0 : load.firstTokens.percentile(99));
  }
}
