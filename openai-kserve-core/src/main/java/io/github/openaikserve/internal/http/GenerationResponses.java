package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.answer.Call;
import io.github.openaikserve.internal.flow.Pipe;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A call as a response: whole, or as events from the backend's first signal on. */
final class GenerationResponses {
  private GenerationResponses() {}

  static <A> CompletableFuture<ApiResponse> whole(
      CompletableFuture<? extends Call<?, A>> call, Function<? super A, byte[]> json) {
    return answer(
        call,
        (ready, response) -> {
          CompletableFuture<A> answer = ready.whole();
          onCancel(response, () -> answer.cancel(false));
          return answer.thenApply(
              whole -> Responses.json(json.apply(whole), ready.droppedParams()));
        });
  }

  static <C> CompletableFuture<ApiResponse> streamed(
      CompletableFuture<? extends Call<C, ?>> call,
      ServerSentEvents<C> writer,
      KeepAlive keepAlive) {
    return answer(
        call,
        (ready, response) -> {
          Pipe<?, ByteBuffer> events = ready.stream(writer);
          onCancel(response, events::close);
          events.start();
          keepAlive.over(events);
          return events
              .opened()
              .thenApply(first -> Responses.events(events, events::close, ready.droppedParams()));
        });
  }

  /** Makes a call once it is ready. */
  private interface Making<K> {
    CompletableFuture<ApiResponse> make(K ready, CompletableFuture<ApiResponse> response);
  }

  private static <K> CompletableFuture<ApiResponse> answer(
      CompletableFuture<? extends K> call, Making<K> making) {
    var response = new CompletableFuture<ApiResponse>();
    call.<ApiResponse>thenCompose(
            ready -> response.isDone() ? response : making.make(ready, response))
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                response.completeExceptionally(failure);
              } else if (!response.complete(done)) {
                done.body().close();
              }
            });
    return response;
  }

  private static void onCancel(CompletableFuture<?> response, Runnable cancel) {
    response.whenComplete(
        (done, failure) -> {
          if (response.isCancelled()) {
            cancel.run();
          }
        });
  }
}
