package io.github.openaikserve;

import io.github.openaikserve.internal.model.Timeouts;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.request.HeaderRules;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a Java caller may say about one request beside the request itself. Immutable.
 *
 * <p>A time limit that is given here takes the place of the model's own.
 *
 * @param requestId by which the request is found in logs; null to have one made
 * @param timeout for the whole call; null for the model's
 * @param firstTokenTimeout until the first response; null for the model's
 * @param betweenTokensTimeout from one response to the next; null for the model's
 * @param headers sent to the model server, names in lower case; at most 7168 bytes of names and
 *     values, with 32 for each header
 * @param attributes told to listeners, such as a tenant
 * @param affinityKey the key of requests that should reach the same endpoint; null for none. A
 *     request's own {@code prompt_cache_key} comes first
 */
public record RequestOptions(
    @Nullable String requestId,
    @Nullable Duration timeout,
    @Nullable Duration firstTokenTimeout,
    @Nullable Duration betweenTokensTimeout,
    Map<String, String> headers,
    Map<String, String> attributes,
    @Nullable String affinityKey) {
  /** Nothing said. */
  public static final RequestOptions NONE = builder().build();

  /**
   * Copies the maps.
   *
   * @throws IllegalArgumentException if a limit is not positive, or the id or a header could not be
   *     sent as it is, or the headers are larger than 7168 bytes (names, values, and 32 for each)
   */
  public RequestOptions {
    Timeouts.check(timeout);
    Timeouts.check(firstTokenTimeout);
    Timeouts.check(betweenTokensTimeout);
    if (requestId != null && !HeaderRules.isValidId(requestId)) {
      throw new IllegalArgumentException("a request id is 1 to 128 visible ASCII characters");
    }
    headers = HeaderRules.checked(headers);
    attributes = Map.copyOf(attributes);
  }

  /** A builder that has nothing set. */
  public static Builder builder() {
    return new Builder();
  }

  static RequestOptions of(Consumer<Builder> options) {
    var builder = builder();
    options.accept(builder);
    return builder.build();
  }

  CallContext context() {
    return new CallContext(
        requestId,
        headers,
        headers,
        attributes,
        new Timeouts(timeout, firstTokenTimeout, betweenTokensTimeout),
        null,
        null,
        affinityKey);
  }

  /** Never headers, which may hold a key. */
  @Override
  public String toString() {
    return "RequestOptions[requestId=" + requestId + "]";
  }

  /** Puts options together. Not thread-safe. */
  public static final class Builder {
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private @Nullable String requestId;
    private @Nullable Duration timeout;
    private @Nullable Duration firstTokenTimeout;
    private @Nullable Duration betweenTokensTimeout;
    private @Nullable String affinityKey;

    private Builder() {}

    /** By which the request is found in logs; made unless set. */
    public Builder requestId(String requestId) {
      this.requestId = requestId;
      return this;
    }

    /** The limit for the whole call; the model's unless set. */
    public Builder timeout(Duration timeout) {
      this.timeout = timeout;
      return this;
    }

    /** The limit until the first response; the model's unless set. */
    public Builder firstTokenTimeout(Duration timeout) {
      this.firstTokenTimeout = timeout;
      return this;
    }

    /** The limit from one response to the next; the model's unless set. */
    public Builder betweenTokensTimeout(Duration timeout) {
      this.betweenTokensTimeout = timeout;
      return this;
    }

    /** Sends a header to the model server, its name in lower case. */
    public Builder header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    /** Sets the key of requests that should reach the same endpoint (default: none). */
    public Builder affinityKey(String key) {
      this.affinityKey = key;
      return this;
    }

    /** Tells listeners something. */
    public Builder attribute(String name, String value) {
      attributes.put(name, value);
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if a limit is not positive, or the id or a header could not
     *     be sent as it is, or the headers are larger than 7168 bytes
     */
    public RequestOptions build() {
      return new RequestOptions(
          requestId,
          timeout,
          firstTokenTimeout,
          betweenTokensTimeout,
          headers,
          attributes,
          affinityKey);
    }
  }
}
