package io.github.openaikserve.server.http;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.server.limits.PeerAddress;
import io.github.openaikserve.server.limits.RequestNotes;
import io.github.openaikserve.server.route.Health;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, in the form that the handler expects. Immutable.
 *
 * @param path the path without the query string
 * @param withoutBody the request without its body
 */
record RequestHead(String path, ApiRequest withoutBody) {
  private static final int MAX_HEADERS = 100;
  private static final byte[] NO_BODY = {};
  private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "OPTIONS");

  /** The memory of a request in addition to its headers, as measured with HTTP/2. */
  private static final int REQUEST_BYTES = 8 << 10;

  /** The memory of a character of a header: the server and the HTTP codec have a copy each. */
  private static final int COPIES = 3;

  /** Reads the head of a request and adds its number; drops headers after the first 101. */
  static RequestHead of(HttpServerRequest request, String number) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    int count = 0;
    // One pass: lookups of each name would take quadratic time for names with equal hashes.
    for (Map.Entry<String, String> header : request.headers()) {
      if (++count > MAX_HEADERS + 1) {
        break;
      }
      headers
          .computeIfAbsent(header.getKey().toLowerCase(Locale.ROOT), name -> new ArrayList<>(1))
          .add(trimmed(header.getValue()));
    }
    headers.put(RequestNotes.HEADER, List.of(number));
    headers.put(PeerAddress.HEADER, List.of(peer(request)));
    String path = path(request);
    return new RequestHead(
        path, new ApiRequest(request.method().name(), path + query(request), headers, NO_BODY));
  }

  /** Returns a value without spaces around it, which the codec leaves of a folded line. */
  private static String trimmed(String value) {
    int begin = 0;
    int end = value.length();
    while (begin < end && isSpace(value.charAt(begin))) {
      begin++;
    }
    while (begin < end && isSpace(value.charAt(end - 1))) {
      end--;
    }
    return value.substring(begin, end);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  private static String peer(HttpServerRequest request) {
    SocketAddress peer = request.remoteAddress();
    String address = peer == null ? null : peer.hostAddress();
    return address == null ? "" : address;
  }

  /**
   * Returns the path. A request target may also be a whole URL, or not a path, such as {@code *}.
   */
  private static String path(HttpServerRequest request) {
    String path = request.path();
    return path == null || path.isEmpty() ? request.uri() : path;
  }

  private static String query(HttpServerRequest request) {
    return request.query() == null ? "" : "?" + request.query();
  }

  /**
   * Checks the head.
   *
   * @throws InvalidRequestException (400, 415, 431) if the head has too many headers, violates a
   *     rule of HTTP that Netty's decoder does not check, or announces an unsupported encoding of
   *     the body
   */
  void check() {
    if (headers().values().stream().mapToInt(List::size).sum() > MAX_HEADERS + 2) {
      throw Refusals.invalid(
          431, "headers_too_large", "The request has more than %d headers.".formatted(MAX_HEADERS));
    }
    if (headers().containsKey("")) {
      throw malformed("it has a header without a name");
    }
    if (values("host").size() > 1) { // a missing one is accepted: the server does not use it
      throw malformed("it has more than one Host header");
    }
    List<String> codings = values("transfer-encoding");
    if (!codings.isEmpty() && !(codings.size() == 1 && isChunked(codings.get(0)))) {
      throw Refusals.invalid(
          400,
          "unsupported_transfer_encoding",
          "The only supported Transfer-Encoding of a request is 'chunked'.");
    }
    if (!isGzip() && !contentEncoding().equals("identity")) {
      throw Refusals.invalid(
          415,
          "unsupported_content_encoding",
          "Unsupported Content-Encoding: '%s'. Send the body uncompressed or as gzip."
              .formatted(InvalidRequestException.shown(contentEncoding())));
    }
  }

  /**
   * Returns the error for a head that violates HTTP.
   *
   * <p><b>Source:</b> RFC 9112, sections 3.2 (Host) and 5.1 (names).
   */
  private static InvalidRequestException malformed(String why) {
    return Refusals.invalid(
        400, "malformed_request", "The request is not well-formed HTTP: %s.".formatted(why));
  }

  private static boolean isChunked(String coding) {
    return coding.strip().equalsIgnoreCase("chunked");
  }

  private String contentEncoding() {
    List<String> codings = values("content-encoding");
    return codings.isEmpty()
        ? "identity"
        : String.join(",", codings).strip().toLowerCase(Locale.ROOT);
  }

  /** Returns whether a body that counts has to be decompressed. */
  boolean isCompressed() {
    return isGzip() && takesBody();
  }

  private boolean isGzip() {
    return contentEncoding().equals("gzip") || contentEncoding().equals("x-gzip");
  }

  /** Returns whether the handler may read a stored response or conversation, of any size. */
  boolean mayReadStored() {
    return path.contains("/responses") || path.contains("/conversations");
  }

  /** Returns whether the request may have a body that counts; other bodies are discarded. */
  boolean takesBody() {
    return !WITHOUT_BODY.contains(method()) && !Health.isAsked(method(), path);
  }

  /** Returns an estimate of the memory that the request holds without its body, in bytes. */
  long bytes() {
    long characters = withoutBody.path().length();
    for (Map.Entry<String, List<String>> header : headers().entrySet()) {
      characters += header.getKey().length();
      for (String value : header.getValue()) {
        characters += value.length();
      }
    }
    return REQUEST_BYTES + COPIES * characters;
  }

  /** Returns the announced length of the body; 0 if none is announced. */
  long announcedLength() {
    String length = first("content-length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return 0; // the HTTP codec rejects other values
    }
  }

  /** Returns the values of a header; empty if there is none. */
  List<String> values(String name) {
    return headers().getOrDefault(name, List.of());
  }

  private @Nullable String first(String name) {
    List<String> values = values(name);
    return values.isEmpty() ? null : values.get(0);
  }

  /** Returns whether the client waits for {@code 100 Continue} before it sends the body. */
  boolean expectsContinue() {
    return "100-continue".equalsIgnoreCase(first("expect"));
  }

  String method() {
    return withoutBody.method();
  }

  private Map<String, List<String>> headers() {
    return withoutBody.headers();
  }

  ApiRequest with(byte[] body) {
    return new ApiRequest(method(), withoutBody.path(), headers(), body);
  }
}
