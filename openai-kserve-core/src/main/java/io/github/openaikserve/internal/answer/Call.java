package io.github.openaikserve.internal.answer;

import io.github.openaikserve.internal.flow.Pipe;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.internal.flow.Translator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call that is ready to be made: nothing has been sent. Used once, by one of its methods.
 *
 * @param <C> a chunk of the answer
 * @param <A> the whole answer
 */
public final class Call<C, A> {
  private final Chunks<C> chunks;
  private final Translator<C, A> fold;
  private final List<String> droppedParams;
  private final CallWatch watch;
  private final Function<Throwable, @Nullable Call<C, A>> again;

  Call(Source<?, C> chunks, Translator<C, A> fold, List<String> droppedParams, CallWatch watch) {
    this(Chunks.of(chunks), fold, droppedParams, watch, failure -> null);
  }

  Call(Chunks<C> chunks, Translator<C, A> fold, List<String> droppedParams, CallWatch watch) {
    this(chunks, fold, droppedParams, watch, failure -> null);
  }

  /**
   * A call that may be made again.
   *
   * @param again the call to make after a failure of a whole answer; null to let it pass
   */
  Call(
      Chunks<C> chunks,
      Translator<C, A> fold,
      List<String> droppedParams,
      CallWatch watch,
      Function<Throwable, @Nullable Call<C, A>> again) {
    this.chunks = chunks;
    this.fold = fold;
    this.droppedParams = List.copyOf(droppedParams);
    this.watch = watch;
    this.again = again;
  }

  /** Request fields that will have no effect, by their JSON names. */
  public List<String> droppedParams() {
    return droppedParams;
  }

  /** The chunks, each passed through one more step. */
  public <O> Pipe<?, O> stream(Translator<? super C, O> then) {
    return followed(chunks.pipe(then));
  }

  /** The chunks. */
  public Pipe<?, C> stream() {
    return followed(chunks.pipe());
  }

  private <O> Pipe<?, O> followed(Pipe<?, O> pipe) {
    watch.watch(pipe);
    watch.follow(pipe.ended());
    return pipe;
  }

  /** Makes the call and gives the whole answer. Cancelling the future cancels the call. */
  public CompletableFuture<A> whole() {
    var answer = new CompletableFuture<A>();
    watch.follow(answer);
    Pipe<?, A> pipe = chunks.pipe(fold);
    watch.watch(pipe);
    make(Publishers.only(pipe), answer, failure -> afterFailure(failure, answer));
    return answer;
  }

  private void afterFailure(Throwable failure, CompletableFuture<A> answer) {
    try {
      Call<C, A> other = answer.isDone() ? null : again.apply(failure);
      if (other == null) {
        answer.completeExceptionally(failure);
      } else {
        make(other.whole(), answer, answer::completeExceptionally);
      }
    } catch (RuntimeException e) { // what cannot be asked again has failed as it had
      failure.addSuppressed(e);
      answer.completeExceptionally(failure);
    }
  }

  private void make(
      CompletableFuture<A> making, CompletableFuture<A> answer, Consumer<Throwable> onFailure) {
    answer.whenComplete((done, failure) -> making.cancel(false));
    making.whenComplete(
        (done, failure) -> {
          if (failure == null) {
            answer.complete(done);
          } else {
            onFailure.accept(failure);
          }
        });
  }
}
