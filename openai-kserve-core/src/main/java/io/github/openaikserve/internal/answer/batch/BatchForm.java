package io.github.openaikserve.internal.answer.batch;

import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.internal.answer.call.AnswerMetadata;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.batch.BatchRequest;
import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import java.util.List;
import java.util.function.Function;

/**
 * The form of an answer made of tensors: its request, the check of its outputs and the creation of
 * the answer. Immutable.
 *
 * @param request the request with its batches
 * @param check creates a check for the output of each batch as it arrives
 * @param answer creates the answer from the outputs of all batches, in the order of the batches
 * @param pieces whether all responses of a call together are one output; if false, the last
 *     response is the output
 * @param <A> the answer
 */
public record BatchForm<A>(
    BatchRequest request, Function<Route, Check> check, AnswerFactory<A> answer, boolean pieces) {

  /** Returns a form whose outputs need no check except their number. */
  static <A> BatchForm<A> of(BatchRequest request, AnswerFactory<A> answer) {
    return new BatchForm<>(request, route -> output -> {}, answer, false);
  }

  /** A check of the outputs of one answer. Not thread-safe. */
  interface Check {
    /**
     * Checks the output of a batch.
     *
     * @throws io.github.openaikserve.error.DialectException if the output is invalid or
     *     inconsistent with earlier ones
     */
    void accept(BatchOutput output);
  }

  /** A function that creates an answer. */
  interface AnswerFactory<A> {
    A of(Route route, List<BatchOutput> outputs, AnswerMetadata head, Usage usage);
  }
}
