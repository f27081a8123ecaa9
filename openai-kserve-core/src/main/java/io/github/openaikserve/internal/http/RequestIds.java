package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiRequest;
import java.util.function.Supplier;

/** The id by which a request is found again in logs: the caller's own where it is harmless. */
final class RequestIds {
  private static final int MAX_LENGTH = 128;

  private final Supplier<String> ids;

  RequestIds(Supplier<String> ids) {
    this.ids = ids;
  }

  String of(ApiRequest request) {
    return request
        .header("x-request-id")
        .filter(RequestIds::isHarmless)
        .orElseGet(() -> "req_" + ids.get());
  }

  /** No white space and nothing else that could end a header or a log line. */
  private static boolean isHarmless(String id) {
    return !id.isEmpty()
        && id.length() <= MAX_LENGTH
        && id.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }
}
