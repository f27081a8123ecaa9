package io.github.openaikserve.server;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.server.limits.PeerAddress;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The head of a request, as the API's handler takes it. Immutable. */
record RequestHead(String method, String path, Map<String, List<String>> headers) {
  private static final int MAX_HEADERS = 100;
  private static final byte[] NO_BODY = {};

  /** Reads the head of a request; leaves out the headers behind the first 100. */
  static RequestHead of(HttpServerRequest request) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    int count = 0;
    // One pass: to look up each name would take quadratic time for names of one hash.
    for (Map.Entry<String, String> header : request.headers()) {
      if (++count > MAX_HEADERS + 1) {
        break;
      }
      headers.computeIfAbsent(header.getKey(), name -> new ArrayList<>(1)).add(header.getValue());
    }
    headers.put(PeerAddress.HEADER, List.of(peer(request)));
    return new RequestHead(request.method().name(), path(request), headers);
  }

  private static String peer(HttpServerRequest request) {
    SocketAddress peer = request.remoteAddress();
    String address = peer == null ? null : peer.hostAddress();
    return address == null ? "" : address;
  }

  /** A target may also be a whole URL, or no path at all, such as {@code *}. */
  private static String path(HttpServerRequest request) {
    String path = request.path();
    return path == null || path.isEmpty() ? request.uri() : path;
  }

  /** Throws if the request has too many headers. */
  void checkCount() {
    if (headers.values().stream().mapToInt(List::size).sum() > MAX_HEADERS + 1) {
      throw new InvalidRequestException(
          431,
          "headers_too_large",
          null,
          "The request has more than %d headers.".formatted(MAX_HEADERS));
    }
  }

  /** Returns the announced length of the body; 0 if none is announced. */
  long announcedLength() {
    String length = first("content-length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return 0; // the HTTP codec has refused what is not a number
    }
  }

  private @Nullable String first(String name) {
    return headers.entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .map(header -> header.getValue().get(0))
        .findFirst()
        .orElse(null);
  }

  /** Returns the request without its body. */
  ApiRequest withoutBody() {
    return with(NO_BODY);
  }

  /** Returns the request with its body. */
  ApiRequest with(byte[] body) {
    return new ApiRequest(method, path, headers, body);
  }
}
