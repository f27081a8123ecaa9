package io.github.openaikserve.server;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line per request: who asked for what and how it went, and never a prompt or a key. */
final class AccessLog {
  private static final Logger log = LoggerFactory.getLogger("openaikserve.access");
  private static final int MAX_PATH = 200;
  private static final Pattern UNSEEMLY = Pattern.compile("[^\\x21-\\x7e]");

  private AccessLog() {}

  static void write(HttpServerRequest request, long begun, String requestId, String remark) {
    if (!log.isInfoEnabled()) {
      return;
    }
    HttpServerResponse response = request.response();
    log.info(
        "{} {} {} {} bytes {} ms {}{}",
        request.method(),
        path(request),
        response.headWritten() ? response.getStatusCode() : "-",
        response.bytesWritten(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun),
        requestId,
        remark);
  }

  /** Without the query, and without anything that could forge a second line. */
  private static String path(HttpServerRequest request) {
    String path = String.valueOf(request.path());
    String cut = path.length() > MAX_PATH ? path.substring(0, MAX_PATH) + "..." : path;
    return UNSEEMLY.matcher(cut).replaceAll("?");
  }
}
