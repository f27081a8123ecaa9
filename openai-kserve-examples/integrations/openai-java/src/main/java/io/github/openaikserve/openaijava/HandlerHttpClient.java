package io.github.openaikserve.openaijava;

import com.openai.core.RequestOptions;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** An HTTP client of the SDK that passes requests to a handler. Thread-safe. */
final class HandlerHttpClient implements HttpClient {
  private final OpenAiHandler handler;
  private final Executor executor;

  HandlerHttpClient(OpenAiHandler handler, Executor executor) {
    this.handler = handler;
    this.executor = executor;
  }

  @Override
  public HttpResponse execute(HttpRequest request, RequestOptions options) {
    var outgoing = new OutgoingRequest(request, options);
    Optional<ApiResponse> rejection = rejection(outgoing);
    return new HandlerResponse(
        rejection.isPresent() ? rejection.get() : handler.answer(outgoing.whole()));
  }

  @Override
  public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
    var response = new CompletableFuture<HttpResponse>();
    try {
      var outgoing = new OutgoingRequest(request, options);
      Optional<ApiResponse> rejection = rejection(outgoing);
      if (rejection.isPresent()) {
        response.complete(new HandlerResponse(rejection.get()));
      } else {
        follow(handler.handle(outgoing.whole()), response);
      }
    } catch (RuntimeException e) { // the body of the request could not be written
      response.completeExceptionally(e);
    }
    return response;
  }

  private Optional<ApiResponse> rejection(OutgoingRequest outgoing) {
    Optional<ApiResponse> rejection = handler.reject(outgoing.head());
    if (rejection.isEmpty() && outgoing.isTooLarge()) {
      return Optional.of(handler.refuse(outgoing.head(), outgoing.refusal()));
    }
    return rejection;
  }

  private void follow(
      CompletableFuture<ApiResponse> answer, CompletableFuture<HttpResponse> response) {
    response.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            answer.cancel(false);
          }
        });
    answer.whenCompleteAsync(
        (ready, failure) -> {
          if (failure != null) {
            response.completeExceptionally(failure);
          } else if (!response.complete(new HandlerResponse(ready))) {
            ready.body().close();
          }
        },
        executor);
  }

  /** Does nothing: the application owns the service of the handler. */
  @Override
  public void close() {}
}
