package io.github.openaikserve.internal.http.response;

import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.concurrent.Futures;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of failed requests: one line for each request with a status of 500 or more. Invalid
 * requests are not logged. Thread-safe.
 *
 * <p>Failures of the same kind (status, code, model and endpoint) are logged once a second; the
 * next line contains the number of suppressed lines. During an outage every request fails, and a
 * line for each would hide everything else. A failure of another kind is logged immediately.
 */
public final class FailureLog {
  private static final Logger log = LoggerFactory.getLogger(FailureLog.class);
  private static final long INTERVAL = Duration.ofSeconds(1).toNanos();

  /** The maximum number of kinds in the map, because clients can invent model names. */
  private static final int MAX_KINDS = 256;

  private static final int MAX_NAME = 100;
  private static final String NONE = "-";

  private final Scheduler clock;

  // Guarded by this.
  private final Map<Kind, Window> windows = new HashMap<>();

  /** Creates a log that is empty. */
  public FailureLog(Scheduler clock) {
    this.clock = clock;
  }

  private record Kind(int status, String code, String model, String endpoint) {
    /** The common kind of failures that do not fit into the map. */
    static final Kind OTHER = new Kind(0, NONE, NONE, NONE);
  }

  /** The interval of one second after a log line. */
  private static final class Window {
    long begin;
    long suppressed;

    Window(long begin) {
      this.begin = begin;
    }
  }

  /**
   * Logs a failure.
   *
   * @param model the model's id, or its name in the request if the model is unknown; null for none
   */
  public void failed(Throwable failure, String requestId, @Nullable String model) {
    Throwable cause = Futures.cause(failure);
    if (!(cause instanceof OpenAiException error)) {
      internalError(cause, requestId, model);
    } else if (error.status() >= ErrorResponses.INTERNAL_STATUS) {
      requestFailed(error, requestId, model);
    }
  }

  private void requestFailed(OpenAiException error, String requestId, @Nullable String model) {
    String endpoint = error instanceof BackendException backend ? backend.endpoint() : null;
    var kind =
        new Kind(error.status(), printable(error.code()), printable(model), printable(endpoint));
    long suppressed = enter(kind);
    if (suppressed >= 0) {
      log.warn(
          "request failed status={} code={} request={} model={} endpoint={} reason=\"{}\"{}",
          kind.status(),
          kind.code(),
          requestId.isEmpty() ? NONE : requestId,
          kind.model(),
          kind.endpoint(),
          error.loggableMessage().replaceAll("\\R+", " "),
          suppressed(suppressed));
    }
  }

  private void internalError(Throwable bug, String requestId, @Nullable String model) {
    String type = bug.getClass().getName();
    var kind = new Kind(ErrorResponses.INTERNAL_STATUS, type, printable(model), NONE);
    long suppressed = enter(kind);
    if (suppressed >= 0) {
      log.error(
          "internal error request={} model={}{}",
          requestId.isEmpty() ? NONE : requestId,
          kind.model(),
          suppressed(suppressed),
          bug);
    }
  }

  private static String suppressed(long count) {
    return count == 0 ? "" : " suppressed=" + count;
  }

  /**
   * Returns the number of suppressed lines of the kind since the last line; -1 to suppress this
   * one.
   */
  private synchronized long enter(Kind kind) {
    long now = clock.nanoTime();
    Window window = windows.get(kind);
    if (window == null && windows.size() >= MAX_KINDS) {
      windows.values().removeIf(each -> now - each.begin >= INTERVAL);
    }
    if (window == null) {
      Kind key = windows.size() >= MAX_KINDS ? Kind.OTHER : kind;
      window = windows.computeIfAbsent(key, unseen -> new Window(now - INTERVAL));
    }
    if (now - window.begin < INTERVAL) {
      window.suppressed++;
      return -1;
    }
    long suppressed = window.suppressed;
    window.begin = now;
    window.suppressed = 0;
    return suppressed;
  }

  /** Returns a name without spaces or line breaks; a dash for none. */
  private static String printable(@Nullable String name) {
    if (name == null || name.isEmpty()) {
      return NONE;
    }
    String cut = name.length() > MAX_NAME ? name.substring(0, MAX_NAME) : name;
    return cut.replaceAll("[^\\x21-\\x7e]", "?");
  }
}
