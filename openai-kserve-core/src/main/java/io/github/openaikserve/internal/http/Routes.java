package io.github.openaikserve.internal.http;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.answer.call.RunningCalls;
import io.github.openaikserve.internal.concurrent.CancellationPropagatingFuture;
import io.github.openaikserve.internal.http.response.RequestLog;
import io.github.openaikserve.internal.http.response.Responses;
import io.github.openaikserve.internal.request.CallContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The endpoints by path. Immutable. */
record Routes(Map<String, Endpoint> endpoints) {
  static final String MODELS = "/v1/models";
  static final String HEALTH = "/health";
  static final String TRANSCRIPTIONS = "/v1/audio/transcriptions";
  static final String TRANSLATIONS = "/v1/audio/translations";
  private static final String LIVE = "live";
  private static final String READY = "ready";
  private static final String GET = "GET";
  private static final String HEAD = "HEAD";
  private static final String OPTIONS = "OPTIONS";
  private static final byte[] NO_BODY = {};

  /**
   * An endpoint and the rest of the path after the endpoint's own path.
   *
   * @param rest the rest of the path; empty for none
   * @param methods the HTTP methods of the path, at least one
   * @param isHealth whether this is a health endpoint, which some load balancers check with OPTIONS
   */
  record Target(Endpoint endpoint, String rest, List<String> methods, boolean isHealth) {
    boolean allows(ApiRequest request) {
      return allowed().contains(request.method());
    }

    void checkRunning(RunningCalls running) {
      if (!rest.equals(LIVE)) { // a process that is shutting down is still alive
        running.check();
      }
    }

    /**
     * Removes the body of a response to HEAD or OPTIONS, which is otherwise the response to GET.
     */
    CompletableFuture<ApiResponse> answer(ApiRequest request, CallContext context, RequestLog log) {
      if (methods.contains(request.method())) {
        return endpoint.answer(request, rest, context, log);
      }
      var get = new ApiRequest(GET, request.path(), request.headers(), request.body());
      CompletableFuture<ApiResponse> answer = endpoint.answer(get, rest, context, log);
      var bare = new CancellationPropagatingFuture<ApiResponse>();
      bare.onAbandon(() -> answer.cancel(false));
      answer.whenComplete(
          (response, failure) -> {
            if (failure != null) {
              bare.fail(failure);
            } else {
              bare.succeed(withoutBody(request, response));
            }
          });
      return bare;
    }

    private ApiResponse withoutBody(ApiRequest request, ApiResponse response) {
      response.body().close();
      if (request.method().equals(HEAD)) {
        ApiBody body = ApiBody.head(response.body().length());
        return new ApiResponse(response.status(), response.headers(), body);
      }
      var bare = new ApiResponse(response.status(), response.headers(), ApiBody.of(NO_BODY));
      return Responses.withHeader(bare, "allow", allowHeader());
    }

    private List<String> allowed() {
      List<String> allowed = new ArrayList<>(methods);
      if (methods.contains(GET)) {
        allowed.add(allowed.indexOf(GET) + 1, HEAD);
      }
      if (isHealth) {
        allowed.add(OPTIONS);
      }
      return allowed;
    }

    String allowHeader() {
      return String.join(", ", allowed());
    }

    InvalidRequestException methodNotAllowed(ApiRequest request) {
      return new InvalidRequestException(
          405,
          "method_not_supported",
          null,
          "Not allowed to %s on this URL; use %s."
              .formatted(
                  InvalidRequestException.shown(request.method()), String.join(" or ", methods)));
    }
  }

  /**
   * Returns the endpoint of a request.
   *
   * @throws InvalidRequestException (404) if no endpoint serves the path, with an alternative if
   *     one is known
   */
  Target target(ApiRequest request) {
    String path = pathOf(request);
    String own = ownPath(path);
    Endpoint endpoint = endpoints.get(own);
    if (endpoint != null) {
      String rest = own.equals(path) ? "" : decode(own, path.substring(own.length() + 1));
      List<String> methods = endpoint.methods(rest);
      if (!methods.isEmpty()) {
        return new Target(endpoint, rest, methods, own.equals(HEALTH));
      }
    }
    Endpoint health = endpoints.get(HEALTH);
    if (health != null) {
      if (isOfWhole(request, path)) {
        return new Target(health, READY, health.methods(READY), true);
      }
      // Claude Code checks the connection before its first request.
      if (request.method().equals(HEAD) && path.equals("/")) {
        return new Target(health, LIVE, health.methods(LIVE), true);
      }
    }
    throw unknown(request.method(), path);
  }

  /**
   * Returns the endpoint's own path for a path at or below it; the path itself if no endpoint
   * matches.
   */
  private String ownPath(String path) {
    for (String own : endpoints.keySet()) {
      if (path.startsWith(own) && path.startsWith("/", own.length())) {
        return own;
      }
    }
    return path;
  }

  private InvalidRequestException unknown(String method, String path) {
    String advice =
        endpoints.containsKey("/v1" + path)
            ? "Use /v1%s: the base URL must end with /v1.".formatted(path)
            : UnservedPaths.advice(path).orElse("");
    return new InvalidRequestException(
        404,
        "unknown_url",
        null,
        "Invalid URL (%s %s)%s"
            .formatted(
                InvalidRequestException.shown(method),
                InvalidRequestException.shown(path),
                advice.isEmpty() ? "" : ": " + advice));
  }

  /** Returns whether a request is a health check. */
  static boolean isHealth(ApiRequest request) {
    String path = pathOf(request);
    return path.equals(HEALTH) || path.startsWith(HEALTH + "/") || isOfWhole(request, path);
  }

  /** Returns whether this is HAProxy's default check, also as a request for the whole server. */
  private static boolean isOfWhole(ApiRequest request, String path) {
    return request.method().equals(OPTIONS) && (path.equals("/") || path.equals("*"));
  }

  /** Returns the path of a request without the query string and without a trailing slash. */
  static String pathOf(ApiRequest request) {
    String path = request.path();
    int query = path.indexOf('?');
    path = query < 0 ? path : path.substring(0, query);
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** Percent-decodes a path. In a path, a plus sign is not a space. */
  private static String decode(String endpoint, String encoded) {
    try {
      return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(
          400,
          null,
          endpoint.equals(MODELS) ? "model" : null,
          "The URL path is not valid percent-encoding.",
          e);
    }
  }
}
