package io.github.openaikserve.server.limits;

import io.github.openaikserve.observation.CallInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lines of the access log about clients. They hold no prompt and no key. */
final class UsageLog {
  private static final Logger log = LoggerFactory.getLogger("openaikserve.access");

  private UsageLog() {}

  static void used(String client, CallInfo call, long input, long output) {
    log.info(
        "usage client=\"{}\" model={} input_tokens={} output_tokens={} {}",
        client,
        call.routeId(),
        input,
        output,
        call.requestId());
  }

  static void refused(String client, Limit limit) {
    log.info("rate limit exceeded client=\"{}\" limit={}", client, limit.value());
  }
}
