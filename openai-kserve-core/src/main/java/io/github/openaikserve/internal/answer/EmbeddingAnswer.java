package io.github.openaikserve.internal.answer;

import io.github.openaikserve.internal.flow.CancellationPropagatingFuture;
import io.github.openaikserve.internal.flow.MergeProcessor;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.internal.model.CallFeedback;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.DroppedFieldsLog;
import io.github.openaikserve.internal.request.EmbeddingPreparation;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import io.github.openaikserve.openai.EmbeddingInput;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** An answer of vectors. Nothing has been sent. Used once. */
final class EmbeddingAnswer implements WholeAnswer<CreateEmbeddingResponse> {
  private final MergeProcessor<InferResponse, CreateEmbeddingResponse> processor;
  private final List<String> droppedParams;

  /**
   * Creates an answer and encodes its first call; the others are encoded when they are made.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException if the model cannot serve it
   */
  EmbeddingAnswer(
      Route route,
      CreateEmbeddingRequest request,
      CallScope scope,
      DroppedFieldsLog droppedFields) {
    droppedParams = EmbeddingPreparation.settle(route, request);
    scope.settled(droppedParams);
    droppedFields.log(route, droppedParams);
    List<EmbeddingInput> batches = EmbeddingPreparation.batches(route, request);
    List<Flow.Publisher<InferResponse>> calls = new ArrayList<>(batches.size());
    List<CallHandle> handles = new ArrayList<>(batches.size());
    var first = EmbeddingPreparation.call(route, request, batches.get(0));
    for (EmbeddingInput batch : batches) {
      var handle = new CallHandle();
      boolean isFirst = handles.isEmpty();
      handles.add(handle);
      calls.add(
          Publishers.onErrorResume(
              Publishers.defer(
                  () ->
                      scope.call(
                          isFirst ? first : EmbeddingPreparation.call(route, request, batch),
                          false,
                          handle,
                          route.calls()::infer)),
              failure -> explained(route, failure)));
    }
    var stage =
        new EmbeddingStage(
            route,
            request,
            droppedParams,
            batches,
            handles,
            (failure, cancelled, usage) -> scope.terminated(failure, cancelled, usage, List.of()));
    processor =
        new MergeProcessor<>(
            calls, route.maxConcurrency(route.requireEmbeddingDialect().maxConcurrency()), stage);
    scope.answeredBy(processor);
  }

  /** Returns what says more about a failure; null to pass it on. */
  private static Flow.@Nullable Publisher<InferResponse> explained(Route route, Throwable failure) {
    CompletableFuture<CallFeedback.Recovery> recovery = route.feedback().recover(failure, route);
    return recovery == null
        ? null
        : Publishers.fromFuture(
            () -> recovery.thenApply(explained -> Publishers.error(explained.failure())));
  }

  @Override
  public List<String> droppedParams() {
    return droppedParams;
  }

  @Override
  public CompletableFuture<CreateEmbeddingResponse> whole() {
    return CancellationPropagatingFuture.of(Publishers.toFuture(processor));
  }
}
