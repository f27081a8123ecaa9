package io.github.openaikserve.internal.http;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.request.HeaderRules;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A reader of request headers: the configured headers and the client's timeouts. Thread-safe.
 *
 * <p>Source: openai-python and openai-java send {@code X-Stainless-Read-Timeout}, openai-node and
 * openai-java {@code X-Stainless-Timeout}, both in seconds.
 */
final class RequestHeaderReader {
  private static final String TIMEOUT = "x-stainless-timeout";
  private static final String READ_TIMEOUT = "x-stainless-read-timeout";
  private static final int MAX_DIGITS = 12;

  private final Collection<String> forwarded;
  private final Collection<String> observed;
  private final @Nullable String affinityHeader;

  /**
   * Creates a reader of headers.
   *
   * @param forwarded the names of the headers to forward to the model server
   * @param observed the names of additional headers for listeners
   * @param affinityHeader the name of the header whose value is the affinity key; null for none
   */
  RequestHeaderReader(
      Collection<String> forwarded, Collection<String> observed, @Nullable String affinityHeader) {
    this.affinityHeader = affinityHeader;
    this.forwarded = List.copyOf(forwarded);
    this.observed = List.copyOf(observed);
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
    checkSize(sent);
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
