package io.github.openaikserve.internal.engine;

import io.github.openaikserve.internal.flow.Pipe;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.internal.flow.Translator;
import io.github.openaikserve.kserve.InferResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * A call that is ready to be made: nothing has been sent. Used once, by one of its methods.
 *
 * @param <C> a chunk of the answer
 * @param <A> the whole answer
 */
public final class Call<C, A> {
  private final Flow.Publisher<InferResponse> responses;
  private final Translator<InferResponse, C> chunks;
  private final Translator<C, A> fold;
  private final List<String> droppedParams;

  Call(
      Flow.Publisher<InferResponse> responses,
      Translator<InferResponse, C> chunks,
      Translator<C, A> fold,
      List<String> droppedParams) {
    this.responses = responses;
    this.chunks = chunks;
    this.fold = fold;
    this.droppedParams = List.copyOf(droppedParams);
  }

  /** Request fields that will have no effect, by their JSON names. */
  public List<String> droppedParams() {
    return droppedParams;
  }

  /** The chunks, each passed through one more step. */
  public <O> Pipe<InferResponse, O> stream(Translator<? super C, O> then) {
    return new Pipe<>(responses, chunks.andThen(then));
  }

  /** The chunks. */
  public Pipe<InferResponse, C> stream() {
    return new Pipe<>(responses, chunks);
  }

  /** Makes the call and gives the whole answer. Cancelling the future cancels the call. */
  public CompletableFuture<A> whole() {
    return Publishers.only(stream(fold));
  }
}
