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
 * The access log: one line per request, without prompts and keys. Health checks are logged at
 * DEBUG, because they arrive every few seconds.
 */
final class AccessLog {
  private static final Logger log = LoggerFactory.getLogger("openaikserve.access");
  private static final int MAX_PATH = 200;
  private static final int MAX_METHOD = 20;
  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x21-\\x7e]");

  private AccessLog() {}

  /** Logs the response to input that is not HTTP, whose method and path are not known. */
  static void malformed(int status) {
    log.info("- - {} malformed request", status);
  }

  /** The log entry of one request. Used on one event loop only. */
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

    /** Writes the line with the current values, as soon as the note is complete. */
    void write(boolean delivered, boolean logged, CompletableFuture<String> note) {
      String method = request.method().name();
      String path = String.valueOf(request.path());
      Level level = Health.isAsked(method, path) ? Level.DEBUG : Level.INFO;
      if (!logged || !log.isEnabledForLevel(level)) {
        return;
      }
      HttpServerResponse response = request.response();
      String line =
          String.join(
              " ",
              printable(method, MAX_METHOD),
              printable(path, MAX_PATH),
              response.headWritten() ? String.valueOf(response.getStatusCode()) : "-",
              response.bytesWritten() + " bytes",
              TimeUnit.NANOSECONDS.toMillis(nanos()) + " ms",
              requestId);
      String end = remark.isEmpty() && !delivered ? " (client gone)" : remark;
      var unused = note.thenAccept(text -> log.atLevel(level).log("{}{}{}", line, text, end));
    }

    /** Returns the text without characters that could forge a second log line. */
    private static String printable(String text, int max) {
      String cut = text.length() > max ? text.substring(0, max) + "..." : text;
      return UNPRINTABLE.matcher(cut).replaceAll("?");
    }
  }
}
