package io.github.openaikserve.internal.answer;

import io.github.openaikserve.internal.flow.CancellationPropagatingFuture;
import io.github.openaikserve.internal.flow.MergeProcessor;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.DroppedFieldsLog;
import io.github.openaikserve.internal.request.EmbeddingPreparation;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import io.github.openaikserve.openai.EmbeddingInput;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
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
    var newest = new AtomicReference<@Nullable Route>();
    List<EmbeddingCall> calls =
        batches.stream()
            .map(batch -> new EmbeddingCall(route, newest, request, batch, scope))
            .toList();
    calls.get(0).encode();
    var stage =
        new EmbeddingStage(
            request,
            droppedParams,
            calls,
            (failure, cancelled, usage) -> scope.terminated(failure, cancelled, usage, List.of()));
    processor =
        new MergeProcessor<>(
            calls, route.maxConcurrency(route.requireEmbeddingDialect().maxConcurrency()), stage);
    scope.answeredBy(processor);
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
