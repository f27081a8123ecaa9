package io.github.openaikserve.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parent's handle of a {@link Child} process. Not thread-safe. */
final class Spawned implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("listens on http://[^ ]*:([0-9]+)");

  private final Process process;
  private final BufferedReader out;
  private final BufferedWriter in;
  private int port;

  /** Starts a process with this program's code and JVM. */
  Spawned(List<String> jvmOptions, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
    command.addAll(List.of(args));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    out = process.inputReader(StandardCharsets.UTF_8);
    in = process.outputWriter(StandardCharsets.UTF_8);
    if (args[0].startsWith("server")) {
      awaitServer();
    } else {
      port = Integer.parseInt(answer());
    }
  }

  private void awaitServer() throws IOException {
    while (port == 0) {
      Matcher announced = PORT.matcher(line());
      if (announced.find()) {
        port = Integer.parseInt(announced.group(1));
      }
    }
  }

  int port() {
    return port;
  }

  String target() {
    return "127.0.0.1:" + port;
  }

  Sample sample() throws IOException {
    return Sample.parse(ask("sample"));
  }

  Sample live() throws IOException {
    return Sample.parse(ask("live"));
  }

  String ask(String command) throws IOException {
    in.write(command);
    in.newLine();
    in.flush();
    return answer();
  }

  private String answer() throws IOException {
    String line = line();
    while (!line.startsWith(Child.MARK)) {
      line = line();
    }
    return line.substring(Child.MARK.length());
  }

  private String line() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException("a process of the measurement has ended");
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    in.close();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
