package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.internal.request.HeaderRules;
import java.util.function.Supplier;

/** The id by which a request is found again in logs: the caller's own where it is harmless. */
final class RequestIds {
  private final Supplier<String> ids;

  RequestIds(Supplier<String> ids) {
    this.ids = ids;
  }

  String of(ApiRequest request) {
    String id = request.header("x-request-id");
    return id != null && HeaderRules.isHarmlessId(id) ? id : "req_" + ids.get();
  }
}
