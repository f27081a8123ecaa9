package io.github.openaikserve.internal.http;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.request.HeaderRules;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A reader of request headers: their checks, the configured headers and the client's timeouts.
 * Thread-safe.
 *
 * <p>One check concerns cross-origin requests without a preflight. Browsers let a web page of any
 * origin send some content types, and check the origin only for others, such as JSON. Requests of
 * web pages with those types are rejected. Clients other than browsers, such as curl, may send
 * them.
 *
 * <p>Source: the Fetch standard, <i>CORS-safelisted request-header</i> and <i>Origin header</i>;
 * openai-python and openai-java send {@code X-Stainless-Read-Timeout}, openai-node and openai-java
 * {@code X-Stainless-Timeout}, both in seconds.
 */
final class RequestHeaderReader {
  private static final String TIMEOUT = "x-stainless-timeout";
  private static final String READ_TIMEOUT = "x-stainless-read-timeout";
  private static final int MAX_DIGITS = 12;

  private static final String FORM = "multipart/form-data";

  private static final Set<String> REFUSED =
      Set.of("application/x-www-form-urlencoded", FORM, "text/plain");

  /** The paths whose requests may be forms. */
  private static final Set<String> FORMS = Set.of(Routes.TRANSCRIPTIONS, Routes.TRANSLATIONS);

  private final List<String> forwarded;
  private final List<String> observed;
  private final @Nullable String affinityHeader;
  private final long maxBytes;

  RequestHeaderReader(HttpSettings settings) {
    this.forwarded = settings.forwardedHeaders();
    this.observed = settings.observedHeaders();
    this.affinityHeader = settings.affinityHeader();
    this.maxBytes = settings.limits().headers();
  }

  /**
   * Checks the content type and the size of the headers.
   *
   * @throws InvalidRequestException (415) if a web page has sent a form or plain text; (431) if the
   *     headers are too large
   */
  void check(ApiRequest request) {
    String type = request.header("content-type");
    if (type != null && request.header("origin") != null) {
      checkContentType(request, type);
    }
    if (bytes(request) > maxBytes) {
      throw new InvalidRequestException(
          431,
          "headers_too_large",
          null,
          "The request headers are larger than %d bytes.".formatted(maxBytes));
    }
  }

  private static void checkContentType(ApiRequest request, String header) {
    int parameters = header.indexOf(';');
    String type = (parameters < 0 ? header : header.substring(0, parameters)).strip();
    String lower = type.toLowerCase(Locale.ROOT);
    if (lower.equals(FORM) && FORMS.contains(Routes.pathOf(request))) {
      return;
    }
    if (REFUSED.contains(lower)) {
      throw new InvalidRequestException(
          415,
          "unsupported_content_type",
          null,
          "Unsupported content type: '%s'. Web pages must send 'Content-Type: application/json'."
              .formatted(InvalidRequestException.shown(type)));
    }
  }

  /** Returns the size of the headers. One character is one byte on the wire. */
  private static long bytes(ApiRequest request) {
    long bytes = 0;
    for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
      for (String value : header.getValue()) {
        bytes += header.getKey().length() + value.length();
      }
    }
    return bytes;
  }

  /**
   * Returns the context of a request.
   *
   * @param options the host's options, which take precedence over the headers
   * @throws InvalidRequestException (431) if the forwarded headers are larger than {@link
   *     HeaderRules#MAX_SIZE}
   */
  CallContext context(ApiRequest request, String requestId, CallContext options) {
    Map<String, String> sent = new LinkedHashMap<>();
    Map<String, String> seen = new LinkedHashMap<>();
    forwarded.forEach(name -> value(request, name).ifPresent(value -> sent.put(name, value)));
    sent.putAll(options.metadata());
    if (!sent.isEmpty()) {
      checkSize(sent);
    }
    observed.forEach(name -> value(request, name).ifPresent(value -> seen.put(name, value)));
    seen.putAll(sent);
    return new CallContext(
        requestId,
        sent,
        seen,
        options.attributes(),
        options.timeouts(),
        seconds(request, TIMEOUT),
        seconds(request, READ_TIMEOUT),
        options.affinityKey() == null ? affinityKey(request) : options.affinityKey(),
        options.queueKey(),
        options.owner());
  }

  private @Nullable String affinityKey(ApiRequest request) {
    return affinityHeader == null ? null : value(request, affinityHeader).orElse(null);
  }

  private static void checkSize(Map<String, String> sent) {
    if (HeaderRules.size(sent) > HeaderRules.MAX_SIZE) {
      throw new InvalidRequestException(
          431,
          "headers_too_large",
          null,
          "The headers that this server forwards to the model server (setting 'forward_headers': %s) have %d bytes. Expected at most %d bytes."
              .formatted(
                  String.join(", ", sent.keySet()), HeaderRules.size(sent), HeaderRules.MAX_SIZE));
    }
  }

  /**
   * Returns all values of a header joined to one; empty if the value cannot be forwarded unchanged.
   */
  private static Optional<String> value(ApiRequest request, String name) {
    List<String> values = request.headers().getOrDefault(name, List.of());
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of(String.join(", ", values)).filter(HeaderRules::isValidValue);
  }

  /** Returns a header's value in seconds; null if it is not a positive number. */
  private static @Nullable Duration seconds(ApiRequest request, String name) {
    String header = request.header(name);
    String text = header == null ? "" : header.strip();
    if (text.isEmpty()
        || text.length() > MAX_DIGITS
        || !text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '.')) {
      return null;
    }
    try {
      long millis = (long) (Double.parseDouble(text) * 1000);
      return millis > 0 ? Duration.ofMillis(millis) : null;
    } catch (NumberFormatException e) {
      return null; // more than one decimal point
    }
  }
}
