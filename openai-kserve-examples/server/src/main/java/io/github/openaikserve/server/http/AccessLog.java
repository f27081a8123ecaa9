package io.github.openaikserve.server.http;

import io.github.openaikserve.server.route.Health;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One line per request, without prompts and keys. Health checks, which come every few seconds, are
 * logged at DEBUG.
 */
final class AccessLog {
  private static final Logger log = LoggerFactory.getLogger("openaikserve.access");
  private static final int MAX_PATH = 200;
  private static final int MAX_METHOD = 20;
  private static final Pattern UNSEEMLY = Pattern.compile("[^\\x21-\\x7e]");

  private AccessLog() {}

  /** Logs an answer to what is not HTTP, of which nothing is known. */
  static void malformed(int status) {
    log.info("- - {} malformed request", status);
  }

  /** The line of one request. Runs on one event loop. */
  static final class Entry {
    private final HttpServerRequest request;
    private final long begun = System.nanoTime();
    private String requestId = "-";
    private String remark = "";

    Entry(HttpServerRequest request) {
      this.request = request;
    }

    void requestId(String id) {
      requestId = id;
    }

    void remark(String text) {
      remark = text;
    }

    /** Returns the time since the head of the request arrived. */
    long nanos() {
      return System.nanoTime() - begun;
    }

    /** Writes the line once the note is there, with what is known now. */
    void write(boolean delivered, boolean logged, CompletableFuture<String> note) {
      String method = request.method().name();
      String path = String.valueOf(request.path());
      Level level = Health.isAsked(method, path) ? Level.DEBUG : Level.INFO;
      if (!logged || !log.isEnabledForLevel(level)) {
        return;
      }
      HttpServerResponse response = request.response();
      String line =
          "%s %s %s %d bytes %d ms %s"
              .formatted(
                  printable(method, MAX_METHOD),
                  printable(path, MAX_PATH),
                  response.headWritten() ? response.getStatusCode() : "-",
                  response.bytesWritten(),
                  TimeUnit.NANOSECONDS.toMillis(nanos()),
                  requestId);
      String end = remark.isEmpty() && !delivered ? " (client gone)" : remark;
      var unused = note.thenAccept(text -> log.atLevel(level).log("{}{}{}", line, text, end));
    }

    /** Without anything that could forge a second line. */
    private static String printable(String text, int most) {
      String cut = text.length() > most ? text.substring(0, most) + "..." : text;
      return UNSEEMLY.matcher(cut).replaceAll("?");
    }
  }
}
