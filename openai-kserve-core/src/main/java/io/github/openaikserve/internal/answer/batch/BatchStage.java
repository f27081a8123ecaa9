package io.github.openaikserve.internal.answer.batch;

import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.answer.call.AnswerMetadata;
import io.github.openaikserve.internal.answer.call.CallScope;
import io.github.openaikserve.internal.flow.Stage;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The stage that creates the whole answer from the responses to all batches of inputs.
 *
 * @param <A> the whole answer
 */
final class BatchStage<A> implements Stage<InferResponse, A> {
  private final BatchForm<A> form;
  private final AnswerMetadata head;
  private final List<BatchCall> calls;
  private final CallScope.Termination termination;
  private final List<List<BatchOutput>> outputs;
  private BatchForm.@Nullable Check check;
  private @Nullable Consumer<? super A> output;
  private @Nullable CompletionUsage usage;

  /**
   * Creates a stage.
   *
   * @param calls one call for each batch
   */
  BatchStage(
      BatchForm<A> form,
      AnswerMetadata head,
      List<BatchCall> calls,
      CallScope.Termination termination) {
    this.form = form;
    this.head = head;
    this.calls = calls;
    this.termination = termination;
    this.outputs = new ArrayList<>(calls.size());
    calls.forEach(call -> outputs.add(new ArrayList<>(1)));
  }

  static DialectException withoutAnswer() {
    return new DialectException("The model server ended the call without an answer.");
  }

  @Override
  public void onStart(Consumer<? super A> output) {
    this.output = output;
  }

  @Override
  public void onNext(int source, InferResponse response) {
    BatchCall call = calls.get(source);
    BatchOutput decoded = call.decode(response);
    if (check == null) {
      check = form.check().apply(call.route());
    }
    check.accept(decoded);
    if (!form.pieces()) {
      outputs.get(source).clear();
    }
    outputs.get(source).add(decoded);
  }

  @Override
  public void cancel(Flow.Subscription source, Throwable failure) {
    CallScope.cancel(source, failure);
  }

  @Override
  public Flow.@Nullable Publisher<InferResponse> onErrorResume(int source, Throwable failure) {
    return calls.get(source).recover(failure);
  }

  @Override
  public void onSourceComplete(int source) {
    if (outputs.get(source).isEmpty()) {
      throw withoutAnswer();
    }
  }

  @Override
  public void onComplete() {
    List<BatchOutput> all = outputs.stream().flatMap(List::stream).toList();
    Route route = calls.get(0).route();
    var counter = new BatchUsage(form.request());
    all.forEach(counter::add);
    Usage counted = counter.count(route.tokenCounter());
    usage = BatchUsage.completion(counted);
    if (output != null) {
      output.accept(form.answer().of(route, all, head, counted));
    }
  }

  @Override
  public void onTerminate(@Nullable Throwable failure, boolean cancelled) {
    termination.terminated(failure, cancelled, usage);
  }
}
