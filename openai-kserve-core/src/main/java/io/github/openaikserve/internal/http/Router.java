package io.github.openaikserve.internal.http;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.RunningCalls;
import io.github.openaikserve.internal.json.RequestJson;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.InputLimits;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Finds the endpoint of a path, and turns every failure into a response. Thread-safe. */
public final class Router implements OpenAiHandler {
  private static final String MODELS = "/v1/models";
  private static final String HEALTH = "/health";

  private final InputLimits limits;
  private final Map<String, Endpoint> endpoints;
  private final RequestIds requestIds;
  private final Incoming incoming;
  private final RunningCalls running;
  private final CallContext options;

  /**
   * The API over an engine.
   *
   * @param ids gives a new random word for each request that brings no id
   * @param settings how requests are read and streams kept alive
   */
  public Router(Engine engine, ModelRegistry routes, Supplier<String> ids, HttpSettings settings) {
    var keepAlive = new KeepAlive(settings.keepAlive(), settings.scheduler());
    var requests = new RequestJson(settings.limits());
    limits = settings.limits();
    endpoints =
        Map.of(
            "/v1/chat/completions",
            new ChatCompletionsEndpoint(engine, requests, keepAlive),
            "/v1/completions",
            new CompletionsEndpoint(engine, requests, keepAlive),
            "/v1/embeddings",
            new EmbeddingsEndpoint(engine, requests),
            MODELS,
            new ModelsEndpoint(routes),
            HEALTH,
            new HealthEndpoint(routes.backends(), settings.scheduler()));
    requestIds = new RequestIds(ids);
    incoming =
        new Incoming(
            settings.forwardedHeaders(), settings.observedHeaders(), settings.affinityHeader());
    running = engine.running();
    options = CallContext.NONE;
  }

  private Router(Router router, CallContext options) {
    limits = router.limits;
    endpoints = router.endpoints;
    requestIds = router.requestIds;
    incoming = router.incoming;
    running = router.running;
    this.options = options;
  }

  /** Returns this API with options for each request, which win over its headers. */
  public Router with(CallContext options) {
    return new Router(this, options);
  }

  @Override
  public CompletableFuture<ApiResponse> handle(ApiRequest request) {
    String requestId = requestId(request);
    CompletableFuture<ApiResponse> answer;
    try {
      checkSize(request);
      answer = route(request, incoming.context(request, requestId, options));
    } catch (RuntimeException | StackOverflowError e) {
      answer = CompletableFuture.failedFuture(e);
    }
    return settle(answer, requestId);
  }

  @Override
  public ApiResponse refuse(ApiRequest request, OpenAiException error) {
    return withHeader(ErrorResponses.of(error), "x-request-id", requestId(request));
  }

  private String requestId(ApiRequest request) {
    String given = options.requestId();
    return given == null ? requestIds.of(request) : given;
  }

  private void checkSize(ApiRequest request) {
    if (headerBytes(request) > limits.headers()) {
      throw new InvalidRequestException(
          431,
          "headers_too_large",
          null,
          "The request headers are larger than %d bytes.".formatted(limits.headers()));
    }
    if (request.body().length > limits.body()) {
      throw new InvalidRequestException(
          413,
          "request_too_large",
          null,
          "The request body is larger than %d bytes.".formatted(limits.body()));
    }
  }

  /** A header's characters are bytes on the wire. */
  private static long headerBytes(ApiRequest request) {
    long bytes = 0;
    for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
      for (String value : header.getValue()) {
        bytes += header.getKey().length() + value.length();
      }
    }
    return bytes;
  }

  /** The answer or its failure as a response; cancelling it cancels the answer. */
  private static CompletableFuture<ApiResponse> settle(
      CompletableFuture<ApiResponse> answer, String requestId) {
    var settled = new CompletableFuture<ApiResponse>();
    settled.whenComplete(
        (response, failure) -> {
          if (settled.isCancelled()) {
            answer.cancel(false);
          }
        });
    answer.whenComplete(
        (response, failure) -> {
          if (settled.isDone()) {
            if (response != null) {
              response.body().close();
            }
            return;
          }
          ApiResponse said = failure == null ? response : ErrorResponses.of(failure);
          if (!settled.complete(withHeader(said, "x-request-id", requestId))) {
            said.body().close();
          }
        });
    return settled;
  }

  private CompletableFuture<ApiResponse> route(ApiRequest request, CallContext context) {
    String path = pathOf(request);
    Endpoint endpoint = endpoints.get(path);
    String rest = "";
    if (endpoint == null && path.startsWith(MODELS + "/")) {
      endpoint = endpoints.get(MODELS);
      rest = decode(path.substring(MODELS.length() + 1));
    } else if (path.equals(HEALTH + "/live") || path.equals(HEALTH + "/ready")) {
      endpoint = endpoints.get(HEALTH);
      rest = path.substring(HEALTH.length() + 1);
    }
    if (endpoint == null) {
      throw new InvalidRequestException(
          404,
          "unknown_url",
          null,
          "Invalid URL (%s %s)".formatted(printable(request.method()), printable(path)));
    }
    if (!request.method().equals(endpoint.method())) {
      return CompletableFuture.completedFuture(methodNotAllowed(request, endpoint));
    }
    if (!rest.equals("live")) { // a process that ends its work is alive
      running.check();
    }
    return endpoint.answer(request, rest, context);
  }

  private static ApiResponse methodNotAllowed(ApiRequest request, Endpoint endpoint) {
    var refusal =
        new InvalidRequestException(
            405,
            "method_not_supported",
            null,
            "Not allowed to %s on this URL; use %s."
                .formatted(printable(request.method()), endpoint.method()));
    return withHeader(ErrorResponses.of(refusal), "allow", endpoint.method());
  }

  private static String pathOf(ApiRequest request) {
    String path = request.path();
    int query = path.indexOf('?');
    path = query < 0 ? path : path.substring(0, query);
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** Percent-decodes; a plus is a plus in a path. */
  private static String decode(String encoded) {
    try {
      return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(400, null, "model", "The URL is not well encoded.", e);
    }
  }

  private static String printable(String text) {
    String cut = text.length() > 200 ? text.substring(0, 200) : text;
    return cut.replaceAll("[^\\x21-\\x7e]", "?");
  }

  private static ApiResponse withHeader(ApiResponse response, String name, String value) {
    Map<String, String> headers = new HashMap<>(response.headers());
    headers.put(name, value);
    return new ApiResponse(response.status(), headers, response.body());
  }
}
