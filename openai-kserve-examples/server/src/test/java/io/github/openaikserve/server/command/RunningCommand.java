package io.github.openaikserve.server.command;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The server's command, run as an operator does, with a client. */
final class RunningCommand implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("listens on (http://\\S+)");

  /** Short, so that a test does not wait. */
  private static final Duration FILE_CHECK = Duration.ofMillis(20);

  private final HttpClient client = HttpClient.newHttpClient();
  private final CompletableFuture<URI> address = new CompletableFuture<>();
  private final StringWriter out =
      new StringWriter() {
        @Override
        public void flush() {
          Matcher found = ADDRESS.matcher(toString());
          if (found.find() && toString().contains("Try it:\n  ")) {
            address.complete(URI.create(found.group(1)));
          }
        }
      };
  private final StringWriter err = new StringWriter();
  private final Thread running;

  /** Runs until it is closed. */
  RunningCommand(String... arguments) {
    CommandLine command = ServerCommand.commandLine(System.getenv(), FILE_CHECK);
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    // No load balancer has to notice the shutdown.
    String[] all =
        Stream.concat(Stream.of("--shutdown-delay", "0"), Arrays.stream(arguments))
            .toArray(String[]::new);
    running =
        new Thread(
            () -> {
              int status = command.execute(all);
              address.completeExceptionally(
                  new AssertionError("it ended with " + status + ": " + err));
            });
    running.start();
  }

  /** Returns the output of the command. */
  String out() {
    return out.toString();
  }

  /** Sends a request; {@code headers} are names and values by turns. */
  CompletableFuture<HttpResponse<String>> post(String path, String body, String... headers)
      throws Exception {
    return client.sendAsync(
        request(path, headers)
            .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Sends a request; {@code headers} are names and values by turns. */
  HttpResponse<String> get(String path, String... headers) throws Exception {
    return client.send(request(path, headers).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Names and values of headers by turns. */
  HttpResponse<String> delete(String path, String... headers) throws Exception {
    return client.send(
        request(path, headers).DELETE().build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    return headers.length == 0 ? request : request.headers(headers);
  }

  private URI uri(String path) throws Exception {
    return address.get(30, TimeUnit.SECONDS).resolve(path);
  }

  /** Ends the command as SIGTERM does. */
  @Override
  public void close() {
    running.interrupt();
    try {
      running.join(TimeUnit.SECONDS.toMillis(30));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (running.isAlive()) {
      throw new AssertionError("the server goes on");
    }
  }
}
