package io.github.openaikserve.server.testing;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A handler with scripted answers and one-word errors. */
public record Script(Function<ApiRequest, CompletableFuture<ApiResponse>> answers)
    implements OpenAiHandler {

  /** Returns a handler that echoes method, path and body. */
  public static Script echo() {
    return new Script(
        request ->
            CompletableFuture.completedFuture(
                text(200, request + " " + new String(request.body(), StandardCharsets.UTF_8))));
  }

  public static ApiResponse text(int status, String text) {
    return new ApiResponse(
        status, Map.of("x-request-id", "req_1"), ApiBody.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public CompletableFuture<ApiResponse> handle(ApiRequest request) {
    return answers.apply(request);
  }

  @Override
  public ApiResponse refuse(ApiRequest request, OpenAiException error) {
    return text(error.status(), String.valueOf(error.code()));
  }
}
