package io.github.openaikserve.internal.engine;

import io.github.openaikserve.internal.flow.Pipe;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.internal.flow.Translator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call that is ready to be made: nothing has been sent. Used once, by one of its methods.
 *
 * @param <C> a chunk of the answer
 * @param <A> the whole answer
 */
public final class Call<C, A> {
  private final Source<?, C> chunks;
  private final Translator<C, A> fold;
  private final List<String> droppedParams;
  private final Function<Throwable, @Nullable Call<C, A>> again;

  Call(Source<?, C> chunks, Translator<C, A> fold, List<String> droppedParams) {
    this(chunks, fold, droppedParams, failure -> null);
  }

  /**
   * A call that may be made again.
   *
   * @param again the call to make after a failure of a whole answer; null to let it pass
   */
  Call(
      Source<?, C> chunks,
      Translator<C, A> fold,
      List<String> droppedParams,
      Function<Throwable, @Nullable Call<C, A>> again) {
    this.chunks = chunks;
    this.fold = fold;
    this.droppedParams = List.copyOf(droppedParams);
    this.again = again;
  }

  /** Request fields that will have no effect, by their JSON names. */
  public List<String> droppedParams() {
    return droppedParams;
  }

  /** The chunks, each passed through one more step. */
  public <O> Pipe<?, O> stream(Translator<? super C, O> then) {
    return chunks.andThen(then).pipe();
  }

  /** The chunks. */
  public Pipe<?, C> stream() {
    return chunks.pipe();
  }

  /** Makes the call and gives the whole answer. Cancelling the future cancels the call. */
  public CompletableFuture<A> whole() {
    var answer = new CompletableFuture<A>();
    passOn(Publishers.only(stream(fold)), answer);
    return answer;
  }

  private void passOn(CompletableFuture<A> making, CompletableFuture<A> answer) {
    answer.whenComplete((done, failure) -> making.cancel(false));
    making.whenComplete(
        (done, failure) -> {
          if (failure == null) {
            answer.complete(done);
            return;
          }
          Call<C, A> other = answer.isDone() ? null : again.apply(failure);
          if (other == null) {
            answer.completeExceptionally(failure);
          } else {
            passOn(other.whole(), answer);
          }
        });
  }
}
