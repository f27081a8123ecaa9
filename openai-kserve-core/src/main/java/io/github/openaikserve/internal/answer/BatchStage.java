package io.github.openaikserve.internal.answer;

import io.github.openaikserve.chat.TokenCounter;
import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.flow.Stage;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.BatchRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The stage between the response to each batch of inputs and the whole answer.
 *
 * @param <A> the whole answer
 */
final class BatchStage<A> implements Stage<InferResponse, A> {
  private final BatchForm<A> form;
  private final BatchHead head;
  private final List<BatchCall> calls;
  private final AnswerStage.Termination termination;
  private final @Nullable BatchOutput[] outputs;
  private BatchForm.@Nullable Check check;
  private @Nullable Consumer<? super A> output;
  private @Nullable CompletionUsage usage;

  /**
   * Creates a stage.
   *
   * @param calls one for each batch
   */
  BatchStage(
      BatchForm<A> form,
      BatchHead head,
      List<BatchCall> calls,
      AnswerStage.Termination termination) {
    this.form = form;
    this.head = head;
    this.calls = calls;
    this.termination = termination;
    this.outputs = new BatchOutput[calls.size()];
  }

  @Override
  public void onStart(Consumer<? super A> output) {
    this.output = output;
  }

  @Override
  public void onNext(int source, InferResponse response) {
    BatchCall call = calls.get(source);
    try {
      BatchOutput decoded = call.decode(response);
      if (check == null) {
        check = form.check().apply(call.route());
      }
      check.accept(decoded);
      outputs[source] = decoded;
    } catch (DialectException e) {
      call.reject(e);
      throw e;
    }
  }

  @Override
  public void onSourceComplete(int source) {
    if (outputs[source] == null) {
      throw new DialectException("The model server ended the call without an answer.");
    }
    calls.get(source).release();
  }

  @Override
  public void onComplete() {
    List<BatchOutput> all = new ArrayList<>(outputs.length);
    for (BatchOutput each : outputs) {
      if (each == null) {
        throw new IllegalStateException("a batch has no answer");
      }
      all.add(each);
    }
    Route route = calls.get(0).route();
    Usage counted = count(all, route.tokenCounter());
    usage = new CompletionUsage(counted.promptTokens(), 0, counted.estimated());
    if (output != null) {
      output.accept(form.answer().of(route, all, head, counted));
    }
  }

  private Usage count(List<BatchOutput> all, TokenCounter counter) {
    long reported = 0;
    boolean allReported = true;
    var counts = new TokenCounts();
    for (BatchOutput each : all) {
      Integer tokens = each.promptTokens();
      allReported &= tokens != null;
      reported += tokens == null ? 0 : counts.reported(tokens);
    }
    long tokens = allReported ? reported : counted(form.request(), counter);
    return new Usage((int) Math.min(TokenCounts.MAX, tokens), !allReported);
  }

  private static long counted(BatchRequest request, TokenCounter counter) {
    return request.fields().get(RequestField.INPUT_TOKENS) instanceof List<?> lists
        ? lists.stream().mapToLong(list -> ((List<?>) list).size()).sum()
        : request.texts().stream().mapToLong(counter::count).sum();
  }

  @Override
  public void onTerminate(@Nullable Throwable failure, boolean cancelled) {
    termination.terminated(failure, cancelled, usage);
  }
}
