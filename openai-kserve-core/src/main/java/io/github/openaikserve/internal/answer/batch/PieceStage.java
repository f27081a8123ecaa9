package io.github.openaikserve.internal.answer.batch;

import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.internal.answer.call.CallScope;
import io.github.openaikserve.internal.flow.Stage;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.openai.CompletionUsage;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The stage that decodes the responses of one call and passes them to a sink of pieces.
 *
 * @param <O> an output of the sink
 */
final class PieceStage<O> implements Stage<InferResponse, O> {
  private final BatchCall call;
  private final BatchUsage counter;
  private final BatchForm.Check check;
  private final Function<Consumer<? super O>, ? extends PieceSink> sinks;
  private final CallScope.Termination termination;
  private @Nullable PieceSink sink;
  private @Nullable CompletionUsage usage;
  private boolean answered;

  /**
   * Creates a stage.
   *
   * @param check checks each piece
   * @param sinks creates the sink, given its output
   */
  PieceStage(
      BatchCall call,
      BatchUsage counter,
      BatchForm.Check check,
      Function<Consumer<? super O>, ? extends PieceSink> sinks,
      CallScope.Termination termination) {
    this.call = call;
    this.counter = counter;
    this.check = check;
    this.sinks = sinks;
    this.termination = termination;
  }

  private PieceSink sink() {
    return Objects.requireNonNull(sink);
  }

  @Override
  public void onStart(Consumer<? super O> output) {
    sink = sinks.apply(output);
  }

  @Override
  public void onNext(int source, InferResponse response) {
    BatchOutput piece = call.decode(response);
    check.accept(piece);
    counter.add(piece);
    answered = true;
    sink().next(piece);
  }

  @Override
  public void cancel(Flow.Subscription source, Throwable failure) {
    CallScope.cancel(source, failure);
  }

  @Override
  public Flow.@Nullable Publisher<InferResponse> onErrorResume(int source, Throwable failure) {
    return call.recover(failure);
  }

  @Override
  public void onSourceComplete(int source) {
    if (!answered) {
      throw BatchStage.withoutAnswer();
    }
  }

  @Override
  public void onComplete() {
    var counted = counter.count(call.route().tokenCounter());
    usage = BatchUsage.completion(counted);
    sink().complete(counted);
  }

  @Override
  public @Nullable Throwable onError(Throwable failure) {
    return sink().fail(failure);
  }

  @Override
  public void flush() {
    sink().flush();
  }

  @Override
  public void onIdle() {
    sink().idle();
  }

  @Override
  public void onTerminate(@Nullable Throwable failure, boolean cancelled) {
    try {
      termination.terminated(failure, cancelled, usage);
    } finally {
      sink().terminated();
    }
  }
}
