package io.github.openaikserve.examples;

import io.github.openaikserve.http.ApiBody;
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
 * The API behind Vert.x, whose requests Quarkus has too: {@code void routes(@Observes Router
 * router)} adds {@code router.route("/v1/*").handler(c -> VertxExample.answer(handler,
 * c.request()))}.
 */
public final class VertxExample {
  private VertxExample() {}

  /** Answers a request whose body has not been read. A client that leaves cancels the call. */
  public static void answer(OpenAiHandler handler, HttpServerRequest request) {
    Map<String, List<String>> headers = new HashMap<>();
    request.headers().names().forEach(name -> headers.put(name, request.headers().getAll(name)));
    request
        .body()
        .onSuccess(
            body -> {
              CompletableFuture<ApiResponse> answer =
                  handler.handle(
                      new ApiRequest(
                          request.method().name(), request.uri(), headers, body.getBytes()));
              request.response().closeHandler(left -> answer.cancel(false));
              answer.thenAccept(response -> write(response, request.response()));
            });
  }

  private static void write(ApiResponse response, HttpServerResponse out) {
    ApiBody body = response.body();
    out.closeHandler(left -> body.close()).setStatusCode(response.status());
    response.headers().forEach(out::putHeader);
    if (body.length() < 0) {
      out.setChunked(true);
    } else {
      out.putHeader("content-length", Long.toString(body.length()));
    }
    body.subscribe(new Writer(out));
  }

  /** Asks for more when the client has taken what there was. */
  private static final class Writer implements Flow.Subscriber<ByteBuffer> {
    private final HttpServerResponse out;
    private Flow.Subscription subscription;

    Writer(HttpServerResponse out) {
      this.out = out;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(1);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      out.write(Buffer.buffer(copy))
          .onSuccess(written -> subscription.request(1))
          .onFailure(left -> subscription.cancel());
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
