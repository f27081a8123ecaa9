package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.request.CallContext;
import java.util.concurrent.CompletableFuture;

/** What one path of the API does. Stateless and thread-safe. */
interface Endpoint {
  /** The only method the path answers to. */
  String method();

  /**
   * Answers a request to the path.
   *
   * @param rest what follows the endpoint's own path, decoded; empty when nothing does
   * @param context what came with the request in addition to its body
   * @param log receives the model that the request names, and a failure of a stream that has begun
   * @return fails with what {@link ErrorResponses} turns into a response, which the caller logs;
   *     cancelling it cancels the backend's call
   * @throws RuntimeException the same at once
   */
  CompletableFuture<ApiResponse> answer(
      ApiRequest request, String rest, CallContext context, RequestLog log);
}
