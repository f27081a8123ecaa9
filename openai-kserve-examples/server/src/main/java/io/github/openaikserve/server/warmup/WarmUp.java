package io.github.openaikserve.server.warmup;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.server.http.ReferenceServer;
import io.github.openaikserve.server.http.ServerOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests to a second server in this process, so that the JVM has compiled the code of a
 * request before clients send one.
 */
public final class WarmUp {
  private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
  private static final int MAX_BODY = 1 << 20;

  /** Long, because the launcher trains at the lowest priority, also while the machine is busy. */
  private static final Duration TRAINING_LIMIT = Duration.ofMinutes(10);

  private static final List<String> BODIES =
      List.of(
          "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],\"stream\":true}",
          "{\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},"
              + "{\"role\":\"user\",\"content\":\"Hello\"}],\"max_tokens\":50,\"temperature\":0.5}",
          "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],\"stream\":true,"
              + "\"stream_options\":{\"include_usage\":true},\"tools\":[{\"type\":\"function\","
              + "\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}]}");

  private WarmUp() {}

  /**
   * Sends the requests that train a class archive. The launcher calls this method.
   *
   * @param arguments the number of requests
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    run(Integer.parseInt(arguments[0]), TRAINING_LIMIT);
  }

  /**
   * Sends requests one after the other, and blocks until they are answered.
   *
   * @param requests the number of requests
   * @param limit the time after which no further request is sent, and the maximum time of one
   *     request
   * @throws IOException if the loopback interface cannot be used or a request fails
   */
  public static void run(int requests, Duration limit) throws IOException, InterruptedException {
    try (var model = new ScriptedModel()) {
      run(requests, limit, model.target());
    }
  }

  static void run(int requests, Duration limit, String target)
      throws IOException, InterruptedException {
    try (var backend = GrpcBackend.connect(target);
        var openai =
            OpenAiKServe.builder(backend)
                .model(
                    "warm-up", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.QWEN3))
                .build();
        var server =
            ReferenceServer.startWithoutLog(
                openai.httpHandler(),
                ServerOptions.builder().maxBody(MAX_BODY).gracePeriod(Duration.ZERO).build())) {
      URI uri = URI.create("http://127.0.0.1:" + server.port() + "/v1/chat/completions");
      HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      long start = System.nanoTime();
      int sent = 0;
      while (sent < requests && System.nanoTime() - start < limit.toNanos()) {
        send(client, uri, BODIES.get(sent++ % BODIES.size()), limit);
      }
      log.info(
          "warm-up ended requests={} millis={}", sent, (System.nanoTime() - start) / 1_000_000);
    }
  }

  private static void send(HttpClient client, URI uri, String body, Duration limit)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(limit)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response;
    try {
      response = client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (HttpTimeoutException e) {
      throw new IOException(
          "warm-up request failed: no answer within %d ms".formatted(limit.toMillis()), e);
    }
    if (response.statusCode() != 200) {
      throw new IOException("warm-up request failed: " + response.body());
    }
  }
}
