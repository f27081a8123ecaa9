package io.github.openaikserve.internal.answer.batch;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.internal.answer.call.AnswerMetadata;
import io.github.openaikserve.internal.answer.call.CallScope;
import io.github.openaikserve.internal.answer.call.WholeAnswer;
import io.github.openaikserve.internal.concurrent.CancellationPropagatingFuture;
import io.github.openaikserve.internal.flow.MergeProcessor;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.internal.flow.Stage;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.openai.CompletionUsage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An answer made of tensors, whole or in pieces. Nothing has been sent yet. Used once.
 *
 * @param <A> the whole answer
 */
public final class BatchAnswer<A> implements WholeAnswer<A> {
  private final Route route;
  private final BatchForm<A> form;
  private final AnswerMetadata head;
  private final CallScope scope;
  private final List<BatchCall> calls;

  /**
   * Creates an answer and encodes its first call. The other calls are encoded when they start.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException if the model cannot serve the
   *     request
   */
  public BatchAnswer(Route route, BatchForm<A> form, AnswerMetadata head, CallScope scope) {
    this.route = route;
    this.form = form;
    this.head = head;
    this.scope = scope;
    var newest = new AtomicReference<@Nullable Route>();
    calls =
        form.request().batches(route).stream()
            .map(batch -> new BatchCall(route, newest, batch, scope))
            .toList();
    calls.get(0).encode();
  }

  /** Returns the route of the first call. */
  public Route route() {
    return route;
  }

  /** Returns whether the model streams its answer in pieces. */
  public boolean streams() {
    return dialect().streams();
  }

  private Dialect dialect() {
    return route.requireDialect(form.request().kind());
  }

  @Override
  public List<String> droppedParams() {
    return head.droppedParams();
  }

  @Override
  public CompletableFuture<A> whole() {
    return CancellationPropagatingFuture.of(
        Publishers.toFuture(processor(new BatchStage<>(form, head, calls, this::terminated))));
  }

  /**
   * Returns the outputs that a sink creates from the pieces of an answer with one call.
   *
   * @param sinks creates the sink, given its output
   */
  public <O> MergeProcessor<?, O> stream(
      BiFunction<Route, Consumer<? super O>, ? extends PieceSink> sinks) {
    return processor(
        new PieceStage<O>(
            calls.get(0),
            new BatchUsage(form.request()),
            form.check().apply(route),
            output -> sinks.apply(route, output),
            this::terminated));
  }

  /** Cancels the stream unless a reader subscribes within 30 seconds. */
  public void awaitReader() {
    scope.deadline().awaitReader();
  }

  private <O> MergeProcessor<InferResponse, O> processor(Stage<InferResponse, O> stage) {
    var processor =
        new MergeProcessor<InferResponse, O>(
            calls, route.maxConcurrency(dialect().maxConcurrency()), stage);
    scope.setAnswer(processor);
    return processor;
  }

  private void terminated(
      @Nullable Throwable failure, boolean cancelled, @Nullable CompletionUsage usage) {
    scope.terminated(failure, cancelled, usage, List.of());
  }
}
