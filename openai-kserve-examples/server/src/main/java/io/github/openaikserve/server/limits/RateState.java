package io.github.openaikserve.server.limits;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The remaining limits of a client. Immutable.
 *
 * <p><b>Source:</b> OpenAI's rate limits guide, headers.
 *
 * @param requests null without a limit
 * @param tokens null without a limit
 */
record RateState(TokenBucket.@Nullable State requests, TokenBucket.@Nullable State tokens) {
  private static final int MILLIS = 1000;
  private static final int MINUTE = 60 * MILLIS;

  /**
   * Returns OpenAI's headers: limit, remaining amount, and time until the full limit is available.
   */
  Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    add(headers, "requests", requests);
    add(headers, "tokens", tokens);
    return headers;
  }

  /** Returns OpenAI's and Anthropic's rate-limit headers. Anthropic's resets are times of day. */
  Map<String, String> headers(Instant now) {
    Map<String, String> headers = headers();
    addAnthropics(headers, "requests", requests, now);
    addAnthropics(headers, "tokens", tokens, now);
    return headers;
  }

  private static void addAnthropics(
      Map<String, String> headers, String what, TokenBucket.@Nullable State state, Instant now) {
    if (state != null) {
      String prefix = "anthropic-ratelimit-" + what;
      Instant full = now.plus(state.untilFull()).plusMillis(MILLIS - 1);
      headers.put(prefix + "-limit", Integer.toString(state.limit()));
      headers.put(prefix + "-remaining", Long.toString(state.remaining()));
      headers.put(prefix + "-reset", full.truncatedTo(ChronoUnit.SECONDS).toString());
    }
  }

  private static void add(
      Map<String, String> headers, String what, TokenBucket.@Nullable State state) {
    if (state != null) {
      headers.put("x-ratelimit-limit-" + what, Integer.toString(state.limit()));
      headers.put("x-ratelimit-remaining-" + what, Long.toString(state.remaining()));
      headers.put("x-ratelimit-reset-" + what, text(state.untilFull()));
    }
  }

  /** Returns a duration in OpenAI's format: {@code 12ms}, {@code 1.5s}, {@code 6m0s}. */
  static String text(Duration time) {
    long millis = time.toMillis();
    if (millis > 0 && millis < MILLIS) {
      return millis + "ms";
    }
    String minutes = millis < MINUTE ? "" : millis / MINUTE + "m";
    long rest = millis % MINUTE;
    String fraction = rest % MILLIS == 0 ? "" : ".%03d".formatted(rest % MILLIS);
    return minutes + rest / MILLIS + fraction.replaceAll("0+$", "") + "s";
  }
}
