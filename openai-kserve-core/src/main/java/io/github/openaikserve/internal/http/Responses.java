package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiResponse;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;

/** Factory methods for successful responses. */
final class Responses {
  private Responses() {}

  static ApiResponse json(byte[] body, List<String> droppedParams) {
    return new ApiResponse(200, headers("application/json", droppedParams), ApiBody.of(body));
  }

  static ApiResponse events(
      Flow.Publisher<ByteBuffer> events, Runnable onClose, List<String> droppedParams) {
    Map<String, String> headers = headers("text/event-stream; charset=utf-8", droppedParams);
    headers.put("cache-control", "no-cache");
    headers.put("x-accel-buffering", "no"); // nginx would buffer the events otherwise
    return new ApiResponse(200, headers, ApiBody.streaming(events, onClose));
  }

  static ApiResponse of(String contentType, ApiBody body, List<String> droppedParams) {
    return new ApiResponse(200, headers(contentType, droppedParams), body);
  }

  private static Map<String, String> headers(String contentType, List<String> droppedParams) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", contentType);
    if (!droppedParams.isEmpty()) {
      headers.put("x-openai-kserve-dropped-params", String.join(", ", droppedParams));
    }
    return headers;
  }
}
