package io.github.openaikserve.internal.answer;

import io.github.openaikserve.dialect.InputBatch;
import io.github.openaikserve.internal.flow.CancellationPropagatingFuture;
import io.github.openaikserve.internal.flow.MergeProcessor;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.kserve.InferResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An answer of tensors. Nothing has been sent. Used once.
 *
 * @param <A> the whole answer
 */
final class BatchAnswer<A> implements WholeAnswer<A> {
  private final MergeProcessor<InferResponse, A> processor;
  private final List<String> droppedParams;

  /**
   * Creates an answer and encodes its first call; the others are encoded when they are made.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException if the model cannot serve it
   */
  BatchAnswer(Route route, BatchForm<A> form, BatchHead head, CallScope scope) {
    droppedParams = head.droppedParams();
    List<InputBatch> batches = form.request().batches(route);
    var newest = new AtomicReference<@Nullable Route>();
    List<BatchCall> calls =
        batches.stream().map(batch -> new BatchCall(route, newest, batch, scope)).toList();
    calls.get(0).encode();
    var stage =
        new BatchStage<>(
            form,
            head,
            calls,
            (failure, cancelled, usage) -> scope.terminated(failure, cancelled, usage, List.of()));
    int concurrency = route.requireDialect(form.request().kind()).maxConcurrency();
    processor = new MergeProcessor<>(calls, route.maxConcurrency(concurrency), stage);
    scope.answeredBy(processor);
  }

  @Override
  public List<String> droppedParams() {
    return droppedParams;
  }

  @Override
  public CompletableFuture<A> whole() {
    return CancellationPropagatingFuture.of(Publishers.toFuture(processor));
  }
}
