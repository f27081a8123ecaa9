package io.github.openaikserve.testsupport;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A program of the folder {@code programs}, started by its script with the classes of the test. */
public final class StartedProgram implements AutoCloseable {
  private static final long LIMIT_SECONDS = 90;

  private final Process process;
  private final int port;
  private final Path output;

  private StartedProgram(Process process, int port, Path output) {
    this.process = process;
    this.port = port;
    this.output = output;
  }

  /** Starts a program by its name against a model server. */
  public static StartedProgram of(String name, String target) throws IOException {
    int port = freePort();
    Path output = Files.createTempFile("program", ".out");
    var builder =
        new ProcessBuilder(script().toString(), name, target, String.valueOf(port))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("PROGRAM_CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return new StartedProgram(builder.start(), port, output);
  }

  private static Path script() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("mvnw"))) {
      folder = folder.getParent();
    }
    return folder.resolve("openai-kserve-examples/programs/run");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Waits until it has ended well, and returns what it has printed. */
  public String output() throws Exception {
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError("the program has not ended well: " + Files.readString(output));
    }
    return Files.readString(output);
  }

  /** Asks the chat endpoint of a program that serves, as soon as it listens. */
  public String chat(boolean streamed) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
            .header("content-type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
                        .formatted(streamed)))
            .build();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (true) {
      try {
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
      } catch (ConnectException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new AssertionError("the program does not serve: " + Files.readString(output), e);
        }
        TimeUnit.MILLISECONDS.sleep(50); // between attempts to connect
      }
    }
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    Files.deleteIfExists(output);
  }
}
