package io.github.openaikserve.spring;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The properties of the service, with the prefix {@code openai-kserve}. Immutable.
 *
 * @param enabled whether to configure the service
 * @param backends model servers, by the name that models refer to
 * @param models models, by the name that clients use; the first one is the default
 * @param defaultModel model of requests that name none
 * @param discover whether to serve every model that the only backend lists and whose dialect is
 *     recognized
 * @param strict whether to reject a request with a field that has no effect, instead of dropping
 *     the field
 * @param forwardHeaders headers of HTTP requests to forward to model servers
 * @param keepAlive interval of keep-alive comments on a silent HTTP stream
 * @param shutdownTimeout time for running calls to finish after the web server's own grace period
 * @param abortFailedStreams whether to break the connection of a failed stream after its error
 *     event
 * @param routes routes of OpenAI's API in this application's web server
 * @param metrics meters of calls in the application's registry
 * @param observations observations of calls, for traces
 */
@ConfigurationProperties("openai-kserve")
public record OpenAiKServeProperties(
    @DefaultValue("true") boolean enabled,
    Map<String, Backend> backends,
    Map<String, Model> models,
    @Nullable String defaultModel,
    @DefaultValue("false") boolean discover,
    @DefaultValue("false") boolean strict,
    List<String> forwardHeaders,
    @DefaultValue("15s") Duration keepAlive,
    @DefaultValue("1s") Duration shutdownTimeout,
    @DefaultValue("false") boolean abortFailedStreams,
    @DefaultValue Routes routes,
    @DefaultValue Metrics metrics,
    @DefaultValue Observations observations) {
  /** Replaces absent maps and lists by empty ones. */
  @SuppressWarnings("ConstantValue") // Spring passes null for what is absent
  public OpenAiKServeProperties {
    backends = backends == null ? Map.of() : backends;
    models = models == null ? Map.of() : models;
    forwardHeaders = forwardHeaders == null ? List.of() : List.copyOf(forwardHeaders);
  }

  /**
   * A model server, or replicas of one.
   *
   * @param target address: host:port, several separated by commas, dns:///name:port, or
   *     anyserve://host:port?type=...&amp;model=...
   * @param service full name of the gRPC service, if it differs from the protocol's
   * @param streamPortOffset offset from the port of the target to the port of its streams
   * @param connections number of connections to each server
   * @param tls whether to connect with TLS
   * @param trustedCertificates PEM file of trusted certificates; turns TLS on
   * @param authority name that the server's certificate must have, if it differs from the target's
   * @param timeout time limit of calls without another one
   * @param maxMessageSize maximum size of a response
   * @param metadata headers of each call
   */
  public record Backend(
      String target,
      @Nullable String service,
      @Nullable Integer streamPortOffset,
      @Nullable Integer connections,
      @DefaultValue("false") boolean tls,
      @Nullable String trustedCertificates,
      @Nullable String authority,
      @Nullable Duration timeout,
      @Nullable DataSize maxMessageSize,
      Map<String, String> metadata) {
    /** Replaces an absent map by an empty one. */
    @SuppressWarnings("ConstantValue")
    public Backend {
      metadata = metadata == null ? Map.of() : metadata;
    }
  }

  /**
   * A model.
   *
   * @param backend name of the model's backend, or of a bean; may be absent if there is only one
   * @param dialect dialect of its server, such as triton-vllm; detected if absent
   * @param embeddings dialect of its embeddings, if it differs
   * @param template built-in chat template, such as chatml
   * @param templateLocation chat template in a file or on the class path: .jinja, .gguf, or
   *     tokenizer_config.json
   * @param modelName name of the model at its server, if it differs
   * @param modelVersion version of the model at its server
   * @param aliases further names for clients
   * @param timeout time limit of a call
   * @param firstTokenTimeout time limit until the first response
   * @param interTokenTimeout time limit between two responses of a stream
   * @param maxConcurrentCalls maximum number of concurrent calls of the model
   * @param emulateResponseFormat whether to emulate a response_format that the server cannot
   *     enforce; requires com.networknt:json-schema-validator
   * @param defaults values of request fields that a request leaves out, by their JSON names
   */
  public record Model(
      @Nullable String backend,
      @Nullable String dialect,
      @Nullable String embeddings,
      @Nullable String template,
      @Nullable String templateLocation,
      @Nullable String modelName,
      @Nullable String modelVersion,
      List<String> aliases,
      @Nullable Duration timeout,
      @Nullable Duration firstTokenTimeout,
      @Nullable Duration interTokenTimeout,
      @Nullable Integer maxConcurrentCalls,
      @DefaultValue("false") boolean emulateResponseFormat,
      Map<String, Object> defaults) {
    /** Replaces an absent list and map by empty ones. */
    @SuppressWarnings("ConstantValue")
    public Model {
      aliases = aliases == null ? List.of() : List.copyOf(aliases);
      defaults = defaults == null ? Map.of() : defaults;
    }
  }

  /**
   * Routes of OpenAI's API.
   *
   * @param enabled whether to serve /v1/**
   * @param pathPrefix path before /v1, such as /ai
   * @param maxBody maximum size of a request body
   */
  public record Routes(
      @DefaultValue("false") boolean enabled,
      @DefaultValue("") String pathPrefix,
      @DefaultValue("32MB") DataSize maxBody) {}

  /**
   * Meters of calls.
   *
   * @param enabled whether to register meters if the application has a meter registry
   */
  public record Metrics(@DefaultValue("true") boolean enabled) {}

  /**
   * Observations of calls.
   *
   * @param enabled whether to create observations if the application has an observation registry
   */
  public record Observations(@DefaultValue("true") boolean enabled) {}
}
