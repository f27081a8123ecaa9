package io.github.openaikserve.examples.server;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Lets in only requests that bring one of the keys as {@code Authorization: Bearer}; what is under
 * {@code /health} is open. Thread-safe.
 */
public final class ApiKeyHandler implements OpenAiHandler {
  private static final String SCHEME = "bearer ";

  private final OpenAiHandler handler;
  private final Supplier<List<ApiKeyDigest>> keys;

  /** A handler behind keys, of which only digests are kept. */
  public ApiKeyHandler(OpenAiHandler handler, List<String> keys) {
    this(handler, fixed(keys));
  }

  /** A handler behind keys that may change; asked for with every request. */
  public ApiKeyHandler(OpenAiHandler handler, Supplier<List<ApiKeyDigest>> keys) {
    this.handler = handler;
    this.keys = keys;
  }

  private static Supplier<List<ApiKeyDigest>> fixed(List<String> keys) {
    List<ApiKeyDigest> digests = keys.stream().map(ApiKeyDigest::of).toList();
    return () -> digests;
  }

  @Override
  public CompletableFuture<ApiResponse> handle(ApiRequest request) {
    if (Health.isAsked(request.path()) || isKnown(request)) {
      return handler.handle(request);
    }
    boolean missing = request.header("authorization") == null;
    return CompletableFuture.completedFuture(
        handler.refuse(
            request,
            new InvalidRequestException(
                401,
                "invalid_api_key",
                null,
                missing
                    ? "You didn't provide an API key. Send it in an Authorization header as a"
                        + " bearer token."
                    : "Incorrect API key provided.")));
  }

  @Override
  public ApiResponse refuse(ApiRequest request, OpenAiException error) {
    return handler.refuse(request, error);
  }

  private boolean isKnown(ApiRequest request) {
    String header = request.header("authorization");
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    ApiKeyDigest brought = ApiKeyDigest.of(header.substring(SCHEME.length()).strip());
    boolean known = false;
    for (ApiKeyDigest expected : keys.get()) {
      // Every key is compared, whole, so that time tells nothing.
      known |= expected.matches(brought);
    }
    return known;
  }
}
