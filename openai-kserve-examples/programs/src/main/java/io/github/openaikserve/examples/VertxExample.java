package io.github.openaikserve.examples;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * Serves OpenAI's API with Vert.x. In Quarkus, {@code void routes(@Observes Router router)} adds
 * {@code router.route("/v1/*").handler(c -> VertxExample.answer(handler, c.request()))}.
 */
public final class VertxExample {
  private VertxExample() {}

  /** Answers a request with an unread body. A client that disconnects cancels the call. */
  public static void answer(OpenAiHandler handler, HttpServerRequest request) {
    request.body().onSuccess(body -> answer(handler, request, body.getBytes()));
  }

  private static void answer(OpenAiHandler handler, HttpServerRequest request, byte[] body) {
    Map<String, List<String>> headers = new HashMap<>();
    request.headers().names().forEach(name -> headers.put(name, request.headers().getAll(name)));
    CompletableFuture<ApiResponse> answer =
        handler.handle(new ApiRequest(request.method().name(), request.uri(), headers, body));
    request.response().closeHandler(left -> answer.cancel(false));
    answer.thenAccept(response -> write(response, request.response()));
  }

  private static void write(ApiResponse response, HttpServerResponse out) {
    out.closeHandler(left -> response.body().close()).setStatusCode(response.status());
    response.headers().forEach(out::putHeader);
    if (response.body().length() >= 0) {
      out.end(Buffer.buffer(response.body().bytes())); // a whole answer
    } else {
      out.setChunked(true);
      response.body().subscribe(new Writer(out, new CompletableFuture<>()));
    }
  }

  /** Requests the next bytes when the client has read the last ones. */
  private record Writer(HttpServerResponse out, CompletableFuture<Flow.Subscription> upstream)
      implements Flow.Subscriber<ByteBuffer> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      upstream.complete(subscription);
      subscription.request(1);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
      out.write(Buffer.buffer().setBytes(0, bytes)).onSuccess(done -> upstream.join().request(1));
    }

    @Override
    public void onError(Throwable failure) {
      out.reset();
    }

    @Override
    public void onComplete() {
      out.end();
    }
  }
}
