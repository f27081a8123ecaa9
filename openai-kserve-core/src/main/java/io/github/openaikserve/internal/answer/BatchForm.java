package io.github.openaikserve.internal.answer;

import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.BatchRequest;
import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import java.util.List;
import java.util.function.Function;

/**
 * What distinguishes the kinds of answers that are made of tensors. Immutable.
 *
 * @param request the request with its batches
 * @param check checks the output of one batch when it arrives
 * @param answer makes the answer of the outputs of all batches, in the order of the batches
 * @param pieces whether all responses to a call are one output together; otherwise the last one is
 * @param <A> the answer
 */
record BatchForm<A>(
    BatchRequest request, Function<Route, Check> check, Making<A> answer, boolean pieces) {

  /** Returns a form whose outputs need no check but that of their number. */
  static <A> BatchForm<A> of(BatchRequest request, Making<A> answer) {
    return new BatchForm<>(request, route -> output -> {}, answer, false);
  }

  /** A check of the outputs of one answer. Not thread-safe. */
  interface Check {
    /**
     * Checks the output of a batch.
     *
     * @throws io.github.openaikserve.error.DialectException if it does not agree with others
     */
    void accept(BatchOutput output);
  }

  /** Makes an answer. */
  interface Making<A> {
    A of(Route route, List<BatchOutput> outputs, BatchHead head, Usage usage);
  }
}
