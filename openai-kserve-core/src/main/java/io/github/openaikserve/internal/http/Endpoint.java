package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.http.response.RequestLog;
import io.github.openaikserve.internal.request.CallContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A handler of one path of the API and the paths below it. Thread-safe. */
@FunctionalInterface
interface Endpoint {
  /**
   * Returns the HTTP methods that a path supports; empty if the path does not exist. By default,
   * only the endpoint's own path exists, and supports POST.
   *
   * @param rest the decoded path after the endpoint's own path; empty if there is none
   */
  default List<String> methods(String rest) {
    return rest.isEmpty() ? List.of("POST") : List.of();
  }

  /**
   * Answers a request. Its method is one that the path supports.
   *
   * @param rest the decoded path after the endpoint's own path; empty if there is none
   * @param context the context of the request, from its headers
   * @param log receives the requested model, and a failure of a stream after its start
   * @return the response; a failure is logged by the caller and converted by {@code
   *     ErrorResponses}. Cancelling the future cancels the backend's call
   * @throws RuntimeException instead of returning a failed future
   */
  CompletableFuture<ApiResponse> answer(
      ApiRequest request, String rest, CallContext context, RequestLog log);

  /** A function that answers a request that was read from the body. */
  @FunctionalInterface
  interface Answer<R> {
    CompletableFuture<ApiResponse> to(R request, CallContext context, RequestLog log);
  }

  /**
   * Returns an endpoint for requests with a body.
   *
   * @param reader reads a request
   * @param model returns the model's name in a request; null for none
   */
  static <R> Endpoint of(
      Function<byte[], R> reader, Function<R, @Nullable String> model, Answer<R> answer) {
    return (http, rest, context, log) -> {
      R request = reader.apply(http.body());
      log.setModel(model.apply(request));
      return answer.to(request, context, log);
    };
  }
}
