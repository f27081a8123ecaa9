package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.request.CallContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A handler of one path of the API and the paths below it. Thread-safe. */
interface Endpoint {
  /**
   * Returns the HTTP methods that a path supports; empty if the path does not exist.
   *
   * @param rest the decoded path after the endpoint's own path; empty if there is none
   */
  List<String> methods(String rest);

  /**
   * Answers a request. Its method is one that the path supports.
   *
   * @param rest the decoded path after the endpoint's own path; empty if there is none
   * @param context the context of the request, from its headers
   * @param log receives the requested model, and a failure of a stream after its start
   * @return the response; a failure is logged by the caller and converted by {@link
   *     ErrorResponses}. Cancelling the future cancels the backend's call
   * @throws RuntimeException instead of returning a failed future
   */
  CompletableFuture<ApiResponse> answer(
      ApiRequest request, String rest, CallContext context, RequestLog log);
}
