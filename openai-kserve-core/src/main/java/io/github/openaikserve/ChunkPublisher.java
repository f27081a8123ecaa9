package io.github.openaikserve;

import io.github.openaikserve.internal.answer.GeneratedAnswer;
import io.github.openaikserve.internal.flow.Publishers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

/**
 * A streamed answer for one subscriber. Thread-safe.
 *
 * <p>The call starts on subscription. The subscriber's demand is passed to the model server, and
 * cancelling the subscription cancels the call. Signals arrive on threads of the backend, so the
 * subscriber must not block. Every failure is signalled by {@code onError}, including an invalid
 * request.
 *
 * @param <T> a chunk
 */
public final class ChunkPublisher<T> implements Flow.Publisher<T> {
  private final Flow.Publisher<T> chunks;
  private volatile List<String> droppedParams = List.of();

  ChunkPublisher(Supplier<? extends CompletableFuture<? extends GeneratedAnswer<T, ?>>> call) {
    this.chunks = Publishers.fromFuture(() -> call.get().thenApply(this::opened));
  }

  private Flow.Publisher<T> opened(GeneratedAnswer<T, ?> answer) {
    droppedParams = answer.droppedParams();
    return answer.chunks();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    chunks.subscribe(subscriber);
  }

  /**
   * Returns the request fields that the model server does not support. They had no effect. The list
   * is empty before the first chunk and complete afterwards.
   */
  public List<String> droppedParams() {
    return droppedParams;
  }
}
