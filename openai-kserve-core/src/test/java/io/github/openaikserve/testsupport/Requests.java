package io.github.openaikserve.testsupport;

import io.github.openaikserve.http.ApiRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Makes requests without headers. */
public final class Requests {
  private Requests() {}

  public static ApiRequest request(String method, String path) {
    return new ApiRequest(method, path, Map.of(), new byte[0]);
  }

  public static ApiRequest get(String path) {
    return new ApiRequest("GET", path, Map.of(), new byte[0]);
  }

  public static ApiRequest post(String path, String body) {
    return new ApiRequest("POST", path, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }
}
