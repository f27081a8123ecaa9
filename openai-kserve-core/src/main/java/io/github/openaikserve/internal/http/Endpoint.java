package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.request.CallContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The handler of one path of the API, and of the paths below it. Stateless and thread-safe. */
interface Endpoint {
  /**
   * Returns the HTTP methods of a path; empty if the path does not exist.
   *
   * @param rest what follows the endpoint's own path, decoded; empty if nothing does
   */
  List<String> methods(String rest);

  /**
   * Answers a request whose method is one of the path's.
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
