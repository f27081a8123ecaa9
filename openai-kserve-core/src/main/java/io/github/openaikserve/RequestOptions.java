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
 * Time limits, headers and ids of requests, for {@link OpenAiKServe#with}. Immutable.
 *
 * <p>A time limit replaces the model's. For an HTTP request, options take precedence over its
 * headers.
 */
public final class RequestOptions {
  private final CallContext context;

  private RequestOptions(Builder builder) {
    String id = builder.requestId;
    if (id != null && !HeaderRules.isValidId(id)) {
      throw new IllegalArgumentException(
          "the request id must have 1 to 128 visible ASCII characters");
    }
    Map<String, String> headers = HeaderRules.checked(builder.headers);
    this.context =
        new CallContext(
            id,
            headers,
            headers,
            Map.copyOf(builder.attributes),
            new Timeouts(builder.timeout, builder.firstTokenTimeout, builder.interTokenTimeout),
            null,
            null,
            builder.affinityKey,
            builder.queueKey,
            builder.owner);
  }

  /** Returns the options that {@code set} configures. */
  public static RequestOptions of(Consumer<Builder> set) {
    var builder = builder();
    set.accept(builder);
    return builder.build();
  }

  /** Returns a builder with no options set. */
  public static Builder builder() {
    return new Builder();
  }

  CallContext context() {
    return context;
  }

  /** Returns the id of the request in logs; null for a random one. */
  public @Nullable String requestId() {
    return context.requestId();
  }

  /** Returns the time limit for the whole call; null for the model's. */
  public @Nullable Duration timeout() {
    return context.timeouts().total();
  }

  /** Returns the time limit until the first response; null for the model's. */
  public @Nullable Duration firstTokenTimeout() {
    return context.timeouts().firstToken();
  }

  /** Returns the time limit between two responses; null for the model's. */
  public @Nullable Duration interTokenTimeout() {
    return context.timeouts().interToken();
  }

  /** Returns the headers for the model server; names are in lower case. */
  public Map<String, String> headers() {
    return context.metadata();
  }

  /** Returns the attributes that listeners receive with the request, such as its tenant. */
  public Map<String, String> attributes() {
    return context.attributes();
  }

  /** Returns the key of requests that should reach the same endpoint; null for none. */
  public @Nullable String affinityKey() {
    return context.affinityKey();
  }

  /**
   * Returns the fair-queueing key: requests with the same key share one turn in the queue of a
   * concurrency limit; null for none.
   */
  public @Nullable String queueKey() {
    return context.queueKey();
  }

  /** Returns the owner whose responses and conversations are stored and read; null for no owner. */
  public @Nullable String owner() {
    return context.owner();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RequestOptions options && context.equals(options.context);
  }

  @Override
  public int hashCode() {
    return context.hashCode();
  }

  /** Returns the request id and the time limits; never headers, which may hold a key. */
  @Override
  public String toString() {
    return "RequestOptions[requestId=%s, %s]".formatted(requestId(), context.timeouts());
  }

  /** A builder for request options. Not thread-safe. */
  public static final class Builder {
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private @Nullable String requestId;
    private @Nullable Duration timeout;
    private @Nullable Duration firstTokenTimeout;
    private @Nullable Duration interTokenTimeout;
    private @Nullable String affinityKey;
    private @Nullable String queueKey;
    private @Nullable String owner;

    private Builder() {}

    /** Sets the id of the request in logs: 1 to 128 visible ASCII characters (default: random). */
    public Builder requestId(String requestId) {
      this.requestId = requestId;
      return this;
    }

    /** Sets the time limit for the whole call (default: the model's). */
    public Builder timeout(Duration timeout) {
      Timeouts.check(timeout);
      this.timeout = timeout;
      return this;
    }

    /** Sets the time limit until the first response (default: the model's). */
    public Builder firstTokenTimeout(Duration timeout) {
      Timeouts.check(timeout);
      this.firstTokenTimeout = timeout;
      return this;
    }

    /** Sets the time limit between two responses (default: the model's). */
    public Builder interTokenTimeout(Duration timeout) {
      Timeouts.check(timeout);
      this.interTokenTimeout = timeout;
      return this;
    }

    /**
     * Adds a header for the model server. All headers together may have at most 7168 bytes, counted
     * as the name, the value and 32 bytes for each header.
     *
     * @param name case-insensitive
     * @throws IllegalArgumentException if a header of that name cannot be sent to a model server
     */
    public Builder header(String name, String value) {
      headers.put(HeaderRules.name(name), value);
      return this;
    }

    /** Sets the key of requests that should reach the same endpoint (default: none). */
    public Builder affinityKey(String key) {
      this.affinityKey = key;
      return this;
    }

    /**
     * Sets the fair-queueing key, such as the name of a client. Requests with the same key share
     * one turn in the queue of a concurrency limit (default: each request has its own turn, however
     * many calls it makes).
     */
    public Builder queueKey(String key) {
      this.queueKey = key;
      return this;
    }

    /**
     * Sets the owner of the stored responses and conversations, such as the name of a client
     * (default: none). A request reads only objects of the same owner; requests without an owner
     * share theirs.
     */
    public Builder owner(String owner) {
      this.owner = owner;
      return this;
    }

    /** Adds an attribute that listeners receive with the request, such as its tenant. */
    public Builder attribute(String name, String value) {
      attributes.put(name, value);
      return this;
    }

    /**
     * Builds the options.
     *
     * @throws IllegalArgumentException if the id or the value of a header contains invalid
     *     characters, or the headers are larger than 7168 bytes
     */
    public RequestOptions build() {
      return new RequestOptions(this);
    }
  }
}
