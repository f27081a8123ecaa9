package io.github.openaikserve.server.trust;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends requests of random kinds sequentially, and counts their outcomes. */
final class SoakClient {
  private static final Pattern TEXT = Pattern.compile("\"(?:text|content)\":\"([^\"]*)\"");
  private static final Pattern CODE = Pattern.compile("\"code\":\"?([a-z_]+)");
  private static final int CANCELS_OF = 10;
  private static final int SLOW_OF = 10;
  private static final int PAUSE_MILLIS = 100;

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;
  private final SlowModel model;
  private final SoakTally tally;
  private final Random random;

  /** The wait of a well-behaved client before a retry. */
  private int pauseMillis;

  SoakClient(int port, SlowModel model, SoakTally tally, Random random) {
    this.port = port;
    this.model = model;
    this.tally = tally;
    this.random = random;
  }

  /** A kind of request. */
  private record Kind(String name, String path, String body, boolean stream, int choices) {}

  /** The response of a request. */
  private record Read(int status, String body) {}

  void run(long end) {
    while (System.nanoTime() < end) {
      Kind kind = kind();
      tally.sent(kind.name());
      pauseMillis = 0;
      try {
        if (random.nextInt(CANCELS_OF) == 0) {
          cancelled(kind);
        } else {
          judge(kind, read(kind));
        }
        TimeUnit.MILLISECONDS.sleep(pauseMillis);
      } catch (IOException e) {
        tally.lost(kind.name() + ": " + e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        tally.lost(kind.name() + ": interrupted");
        return;
      }
    }
  }

  private Kind kind() {
    boolean stream = random.nextBoolean();
    int choices = 1 + random.nextInt(3);
    String how = stream ? ", streamed" : "";
    String settings = "\"model\":\"m\",\"stream\":%s,\"n\":%d".formatted(stream, choices);
    String chat = "{%s,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]%s}";
    return switch (random.nextInt(4)) {
      case 0 ->
          new Kind(
              "chat" + how, "/v1/chat/completions", chat.formatted(settings, ""), stream, choices);
      case 1 ->
          new Kind(
              "tools" + how,
              "/v1/chat/completions",
              chat.formatted(
                  settings, ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]"),
              stream,
              choices);
      case 2 ->
          new Kind(
              "completion" + how,
              "/v1/completions",
              "{%s,\"prompt\":\"hi\"}".formatted(settings),
              stream,
              choices);
      default ->
          new Kind(
              "embeddings",
              "/v1/embeddings",
              "{\"model\":\"m\",\"input\":[\"a\",\"b\"]}",
              false,
              0);
    };
  }

  private HttpRequest request(Kind kind) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + kind.path()))
        .POST(HttpRequest.BodyPublishers.ofString(kind.body()))
        .build();
  }

  /** Disconnects before or during the answer. */
  private void cancelled(Kind kind) throws InterruptedException {
    CompletableFuture<HttpResponse<InputStream>> answer =
        http.sendAsync(request(kind), HttpResponse.BodyHandlers.ofInputStream());
    TimeUnit.MILLISECONDS.sleep(random.nextInt(20));
    if (!answer.cancel(true)) {
      try (InputStream body = answer.join().body()) {
        body.readNBytes(random.nextInt(400));
      } catch (IOException | CompletionException e) {
        // disconnected in any case
      }
    }
    tally.cancelled.incrementAndGet();
  }

  private Read read(Kind kind) throws IOException, InterruptedException {
    if (random.nextInt(SLOW_OF) > 0) {
      HttpResponse<String> whole = http.send(request(kind), HttpResponse.BodyHandlers.ofString());
      return new Read(whole.statusCode(), whole.body());
    }
    HttpResponse<InputStream> slow =
        http.send(request(kind), HttpResponse.BodyHandlers.ofInputStream());
    var text = new StringBuilder();
    try (InputStream body = slow.body()) {
      for (byte[] some = body.readNBytes(300); some.length > 0; some = body.readNBytes(300)) {
        text.append(new String(some, StandardCharsets.UTF_8));
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }
    return new Read(slow.statusCode(), text.toString());
  }

  private void judge(Kind kind, Read response) {
    String body = response.body();
    boolean event = kind.stream() && body.stripTrailing().contains("data: {\"error\":");
    if (response.status() >= 400 && body.startsWith("{\"error\":")) {
      refused(response.status() + " " + code(body));
    } else if (response.status() == 200 && event && !body.contains("[DONE]")) {
      refused("event " + code(body.substring(body.indexOf("{\"error\":"))));
    } else if (response.status() == 200 && isWhole(kind, body)) {
      tally.answered.incrementAndGet();
    } else {
      tally.lost("%s: %d %s".formatted(kind.name(), response.status(), body));
    }
  }

  private void refused(String why) {
    tally.refused(why);
    pauseMillis = PAUSE_MILLIS;
  }

  private static String code(String error) {
    Matcher code = CODE.matcher(error);
    return code.find() ? code.group(1) : "none";
  }

  /** Returns whether every choice has all its tokens and an end. */
  private boolean isWhole(Kind kind, String body) {
    if (kind.choices() == 0) {
      return body.split("\"embedding\":\\[", -1).length == 3;
    }
    var text = new StringBuilder();
    Matcher pieces = TEXT.matcher(body);
    while (pieces.find()) {
      text.append(pieces.group(1));
    }
    int tokens = text.toString().split(" token \\d+]", -1).length - 1;
    int expected = kind.choices() * (model.answer("").split(" token ", -1).length - 1);
    return tokens == expected && (!kind.stream() || body.endsWith("data: [DONE]\n\n"));
  }
}
