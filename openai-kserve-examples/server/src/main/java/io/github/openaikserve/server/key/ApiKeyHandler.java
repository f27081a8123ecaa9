package io.github.openaikserve.server.key;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.limits.Client;
import io.github.openaikserve.server.route.Health;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A handler that rejects requests without a valid API key in the header {@code Authorization:
 * Bearer} or {@code x-api-key}. Health checks need no key. Thread-safe.
 */
public final class ApiKeyHandler implements OpenAiHandler {
  private static final String SCHEME = "bearer ";
  private static final String API_KEY_HEADER = "x-api-key";

  private final OpenAiHandler handler;
  private final Supplier<List<ApiKey>> keys;

  /** Creates a handler with fixed keys, of which it stores only the digests. */
  public ApiKeyHandler(OpenAiHandler handler, List<String> keys) {
    this(handler, fixed(keys));
  }

  /** Creates a handler with keys that may change; {@code keys} is called for every request. */
  public ApiKeyHandler(OpenAiHandler handler, Supplier<List<ApiKey>> keys) {
    this.handler = handler;
    this.keys = keys;
  }

  private static Supplier<List<ApiKey>> fixed(List<String> keys) {
    List<ApiKey> digests = keys.stream().map(key -> ApiKey.of(key)).toList();
    return () -> digests;
  }

  @Override
  public CompletableFuture<ApiResponse> handle(ApiRequest request) {
    return isAllowed(request)
        ? handler.handle(request)
        : CompletableFuture.completedFuture(unauthorized(request));
  }

  @Override
  public Optional<ApiResponse> reject(ApiRequest head) {
    return isAllowed(head) ? handler.reject(head) : Optional.of(unauthorized(head));
  }

  private boolean isAllowed(ApiRequest request) {
    return Health.isAsked(request.method(), request.path()) || client(request, keys) != null;
  }

  private ApiResponse unauthorized(ApiRequest request) {
    boolean missing =
        request.header("authorization") == null && request.header(API_KEY_HEADER) == null;
    ApiResponse refusal =
        handler.refuse(
            request,
            new InvalidRequestException(
                401,
                "invalid_api_key",
                null,
                missing
                    ? "You didn't provide an API key. Send it in an Authorization header as a"
                        + " bearer token."
                    : "Incorrect API key provided."));
    Map<String, String> headers = new HashMap<>(refusal.headers());
    headers.put("www-authenticate", "Bearer");
    return new ApiResponse(refusal.status(), headers, refusal.body());
  }

  @Override
  public ApiResponse refuse(ApiRequest request, OpenAiException error) {
    return handler.refuse(request, error);
  }

  /** Returns the key of a request; null if it has none. */
  private static @Nullable String keyOf(ApiRequest request) {
    String header = request.header("authorization");
    if (header == null) {
      return request.header(API_KEY_HEADER);
    }
    return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? header.substring(SCHEME.length())
        : null;
  }

  /** Returns the owner of a request's key; null if the request has no valid key. */
  public static @Nullable Client client(ApiRequest request, Supplier<List<ApiKey>> keys) {
    String key = keyOf(request);
    if (key == null) {
      return null;
    }
    ApiKeyDigest given = ApiKeyDigest.ofHeader(key.strip());
    Client owner = null;
    for (ApiKey expected : keys.get()) {
      // Compares every key, so that the time does not depend on which key matches.
      if (expected.digest().matches(given)) {
        owner = expected.client();
      }
    }
    return owner;
  }
}
