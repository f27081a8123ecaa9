package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.request.CallContext;
import java.util.concurrent.CompletableFuture;

/** The handler of one path of the API. Stateless and thread-safe. */
interface Endpoint {
  /** Returns the only HTTP method of the path. */
  String method();

  /**
   * Answers a request to the path.
   *
   * @param rest what follows the endpoint's own path, decoded; empty if nothing does
   * @param context what came with the request in addition to its body
   * @param log receives the model that the request names, and a failure of a stream that has begun
   * @return fails with what {@link ErrorResponses} turns into a response, which the caller logs;
   *     cancelling it cancels the backend's call
   * @throws RuntimeException in place of a future that fails
   */
  CompletableFuture<ApiResponse> answer(
      ApiRequest request, String rest, CallContext context, RequestLog log);
}
