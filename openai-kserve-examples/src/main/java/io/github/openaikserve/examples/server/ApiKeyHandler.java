package io.github.openaikserve.examples.server;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Lets in only requests that bring one of the keys as {@code Authorization: Bearer}; {@code
 * /health} is open. Thread-safe.
 */
public final class ApiKeyHandler implements OpenAiHandler {
  private static final String SCHEME = "bearer ";

  private final OpenAiHandler handler;
  private final List<byte[]> digests;

  /** A handler behind keys, of which only digests are kept. */
  public ApiKeyHandler(OpenAiHandler handler, List<String> keys) {
    this.handler = handler;
    this.digests = keys.stream().map(ApiKeyHandler::digest).toList();
  }

  @Override
  public CompletableFuture<ApiResponse> handle(ApiRequest request) {
    if (request.path().equals("/health") || isKnown(request)) {
      return handler.handle(request);
    }
    boolean missing = request.header("authorization").isEmpty();
    return CompletableFuture.completedFuture(
        handler.refuse(
            request,
            new InvalidRequestException(
                401,
                "invalid_api_key",
                null,
                missing
                    ? "You didn't provide an API key. Send it in an Authorization header as a bearer token."
                    : "Incorrect API key provided.")));
  }

  @Override
  public ApiResponse refuse(ApiRequest request, OpenAiException error) {
    return handler.refuse(request, error);
  }

  private boolean isKnown(ApiRequest request) {
    String header = request.header("authorization").orElse("");
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    byte[] digest = digest(header.substring(SCHEME.length()).strip());
    boolean known = false;
    for (byte[] expected : digests) {
      // Every key is compared, whole, so that time tells nothing.
      known |= MessageDigest.isEqual(expected, digest);
    }
    return known;
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
