package io.github.openaikserve.openaijava;

import com.openai.core.RequestOptions;
import com.openai.core.Timeout;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpRequestBody;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request of the SDK, converted for the handler.
 *
 * <p><b>Source</b> of the timeout headers: openai-java's {@code OkHttpClient}.
 */
final class OutgoingRequest {
  private static final int MAX_BODY = 256 << 20;
  private static final byte[] NO_BODY = {};

  private final HttpRequest request;
  private final ApiRequest head;

  OutgoingRequest(HttpRequest request, RequestOptions options) {
    this.request = request;
    URI url = URI.create(request.url());
    String path =
        url.getRawQuery() == null ? url.getRawPath() : url.getRawPath() + "?" + url.getRawQuery();
    head = new ApiRequest(request.method().name(), path, headers(request, options), NO_BODY);
  }

  private static Map<String, List<String>> headers(HttpRequest request, RequestOptions options) {
    Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    Headers given = request.headers();
    given.names().forEach(name -> all.put(name, given.values(name)));
    HttpRequestBody body = request.body();
    if (body != null && body.contentType() != null) {
      all.putIfAbsent("content-type", List.of(body.contentType()));
    }
    Timeout timeout = options.getTimeout();
    if (timeout != null) {
      all.computeIfAbsent("x-stainless-timeout", name -> seconds(timeout.request()));
      all.computeIfAbsent("x-stainless-read-timeout", name -> seconds(timeout.read()));
    }
    return all;
  }

  private static List<String> seconds(Duration duration) {
    return List.of(Double.toString(duration.toMillis() / 1000.0));
  }

  /** Returns the request without its body. */
  ApiRequest head() {
    return head;
  }

  /** Returns whether the body is known to be larger than the limit. */
  boolean isTooLarge() {
    HttpRequestBody body = request.body();
    return body != null && body.contentLength() > MAX_BODY;
  }

  InvalidRequestException refusal() {
    return new InvalidRequestException(
        413,
        "request_too_large",
        null,
        "The request body exceeds the limit of %d bytes.".formatted(MAX_BODY));
  }

  /** Returns the request with its body, which is then closed. */
  ApiRequest whole() {
    return new ApiRequest(head.method(), head.path(), head.headers(), bytes());
  }

  private byte[] bytes() {
    try (HttpRequestBody body = request.body()) {
      if (body == null) {
        return NO_BODY;
      }
      var bytes = new ByteArrayOutputStream();
      body.writeTo(bytes);
      return bytes.toByteArray();
    }
  }
}
