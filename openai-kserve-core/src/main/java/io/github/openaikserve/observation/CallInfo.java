package io.github.openaikserve.observation;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The description of a call. Never contains a prompt, an answer or an API key. Immutable. */
public final class CallInfo {
  private final String requestId;
  private final String routeId;
  private final CallKind kind;
  private final @Nullable String model;
  private final @Nullable String serverModel;
  private final boolean streamed;
  private final Map<String, String> headers;
  private final Map<String, String> attributes;

  private CallInfo(Builder builder) {
    this.requestId = builder.requestId;
    this.routeId = builder.routeId;
    this.kind = builder.kind;
    this.model = builder.model;
    this.serverModel = builder.serverModel;
    this.streamed = builder.streamed;
    this.headers = builder.headers;
    this.attributes = builder.attributes;
  }

  /**
   * Returns a builder.
   *
   * @param routeId the id of the model in the configuration
   */
  public static Builder builder(String requestId, String routeId, CallKind kind) {
    return new Builder(requestId, routeId, kind);
  }

  /** Returns the id that identifies the request in logs. */
  public String requestId() {
    return requestId;
  }

  /**
   * Returns the id of the model in the configuration. Usable as a metric label: it has few values.
   */
  public String routeId() {
    return routeId;
  }

  /** Returns the kind of the call. */
  public CallKind kind() {
    return kind;
  }

  /**
   * Returns the model's name in the request, which may be an alias; null if the request names no
   * model.
   */
  public @Nullable String model() {
    return model;
  }

  /** Returns the model's name at its server; null if unknown. */
  public @Nullable String serverModel() {
    return serverModel;
  }

  /** Returns whether the caller receives the answer in chunks. */
  public boolean streamed() {
    return streamed;
  }

  /**
   * Returns the request headers that a listener {@link CallListener#reads reads} or that are sent
   * to the model server. Names are in lower case.
   */
  public Map<String, String> headers() {
    return headers;
  }

  /** Returns the attributes that a Java caller has set for its listeners, such as a tenant. */
  public Map<String, String> attributes() {
    return attributes;
  }

  /**
   * Returns the id of the request, the kind and the model; never headers, which may contain a key.
   */
  @Override
  public String toString() {
    return requestId + " (" + kind + " of " + routeId + ")";
  }

  /** A builder of {@link CallInfo}. Not thread-safe. */
  public static final class Builder {
    private final String requestId;
    private final String routeId;
    private final CallKind kind;
    private @Nullable String model;
    private @Nullable String serverModel;
    private boolean streamed;
    private Map<String, String> headers = Map.of();
    private Map<String, String> attributes = Map.of();

    private Builder(String requestId, String routeId, CallKind kind) {
      this.requestId = Objects.requireNonNull(requestId, "requestId");
      this.routeId = Objects.requireNonNull(routeId, "routeId");
      this.kind = Objects.requireNonNull(kind, "kind");
    }

    /** Sets the model's name in the request (default: null). */
    public Builder model(@Nullable String model) {
      this.model = model;
      return this;
    }

    /** Sets the model's name at its server (default: null). */
    public Builder serverModel(@Nullable String serverModel) {
      this.serverModel = serverModel;
      return this;
    }

    /** Sets whether the caller receives the answer in chunks (default: false). */
    public Builder streamed(boolean streamed) {
      this.streamed = streamed;
      return this;
    }

    /** Sets the request headers (default: none). */
    public Builder headers(Map<String, String> headers) {
      this.headers = Map.copyOf(headers);
      return this;
    }

    /** Sets the caller's attributes for listeners (default: none). */
    public Builder attributes(Map<String, String> attributes) {
      this.attributes = Map.copyOf(attributes);
      return this;
    }

    /** Builds the description. */
    public CallInfo build() {
      return new CallInfo(this);
    }
  }
}
