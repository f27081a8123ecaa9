package io.github.openaikserve.httpclient;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.concurrent.CancellationPropagatingFuture;
import io.github.openaikserve.internal.concurrent.Futures;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One request and its response. Thread-safe. */
final class Exchange<T> {
  private static final int MAX_BODY = 256 << 20;
  private static final byte[] NO_BODY = {};

  private final HttpRequest request;
  private final HttpResponse.BodyHandler<T> bodyHandler;
  private final HandlerClient client;
  private final CancellationPropagatingFuture<HttpResponse<T>> result =
      new CancellationPropagatingFuture<>();
  private final CompletableFuture<Void> begun = new CompletableFuture<>();
  private volatile @Nullable BodyRelay relay;

  Exchange(HttpRequest request, HttpResponse.BodyHandler<T> bodyHandler, HandlerClient client) {
    this.request = request;
    this.bodyHandler = bodyHandler;
    this.client = client;
  }

  CompletableFuture<HttpResponse<T>> start() {
    if (!client.running().begin(this)) {
      result.fail(new IOException("the HTTP client was shut down"));
      return result;
    }
    result.whenComplete(
        (response, failure) -> {
          begun.complete(null);
          if (failure != null) {
            client.running().end(this);
          }
        });
    request.timeout().ifPresent(this::limit);
    execute(this::ask);
    return result;
  }

  /** Fails the response, or the rest of its body, and cancels the backend's call. */
  void abort(IOException failure) {
    BodyRelay current = relay;
    if (!result.completeExceptionally(failure) && current != null) {
      current.abort(failure);
    }
  }

  private void limit(Duration timeout) {
    begun
        .orTimeout(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS)
        .whenComplete(
            (nothing, failure) -> {
              if (failure instanceof TimeoutException) {
                execute(
                    () ->
                        result.completeExceptionally(
                            new HttpTimeoutException(
                                "no response within " + timeout.toMillis() + " ms")));
              }
            });
  }

  private void execute(Runnable task) {
    try {
      client.tasks().execute(() -> run(task));
    } catch (Throwable e) {
      result.completeExceptionally(
          new IOException("the executor of the HTTP client rejected a task", e));
    }
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) { // from application code, such as a body handler
      fail(e);
    }
  }

  private void fail(Throwable failure) {
    result.completeExceptionally(IoFailure.of(Futures.cause(failure)));
  }

  private void ask() {
    ApiRequest head = request(NO_BODY);
    ApiResponse rejection = client.handler().reject(head).orElse(null);
    if (rejection != null) {
      respond(rejection);
      return;
    }
    CompletableFuture<byte[]> body =
        request
            .bodyPublisher()
            .map(publisher -> RequestBytes.read(publisher, MAX_BODY))
            .orElseGet(() -> CompletableFuture.completedFuture(NO_BODY));
    result.onAbandon(() -> body.cancel(false));
    body.whenComplete(
        (bytes, failure) -> {
          if (failure instanceof RequestBytes.TooLargeException tooLarge) {
            run(() -> respond(client.handler().refuse(head, tooLarge.refusal())));
          } else if (failure != null) {
            execute(() -> fail(failure));
          } else {
            run(() -> handle(request(bytes)));
          }
        });
  }

  private ApiRequest request(byte[] body) {
    URI uri = request.uri();
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    return new ApiRequest(request.method(), target, request.headers().map(), body);
  }

  private void handle(ApiRequest whole) {
    CompletableFuture<ApiResponse> answer = client.handler().handle(whole);
    result.onAbandon(() -> answer.cancel(false));
    answer.whenComplete(
        (response, failure) -> {
          if (failure != null) {
            execute(() -> fail(failure));
          } else {
            begun.complete(null);
            result.onAbandon(response.body()::close);
            execute(() -> respond(response));
          }
        });
  }

  private void respond(ApiResponse response) {
    begun.complete(null);
    result.onAbandon(response.body()::close);
    if (result.isDone()) {
      return;
    }
    Head head = Head.of(response, client.version());
    HttpResponse.BodySubscriber<T> subscriber = bodyHandler.apply(head);
    var reading = new BodyRelay(subscriber, client.tasks(), this::read);
    relay = reading;
    result.onAbandon(() -> reading.abort(new IOException("the request was cancelled")));
    response.body().subscribe(reading);
    // Runs in a separate task, because a mapped body is read to its end before getBody returns.
    execute(
        () ->
            subscriber
                .getBody()
                .whenComplete((body, failure) -> execute(() -> complete(head, body, failure))));
  }

  /**
   * Ends the exchange after its body was read or cancelled. {@code thrown} is the exception of the
   * application's subscriber, or null.
   */
  private void read(@Nullable Throwable thrown) {
    client.running().end(this);
    if (thrown != null) {
      fail(thrown);
    }
  }

  private void complete(Head head, T body, @Nullable Throwable failure) {
    if (failure != null) {
      fail(failure);
    } else {
      result.succeed(new InProcessResponse<>(request, head, body));
    }
  }
}
