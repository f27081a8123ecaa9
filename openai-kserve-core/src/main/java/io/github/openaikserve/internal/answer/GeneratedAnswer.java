package io.github.openaikserve.internal.answer;

import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.error.InvalidAnswerException;
import io.github.openaikserve.internal.answer.call.AnswerMetadata;
import io.github.openaikserve.internal.answer.call.CallScope;
import io.github.openaikserve.internal.answer.call.WholeAnswer;
import io.github.openaikserve.internal.answer.text.StopSequences;
import io.github.openaikserve.internal.answer.text.TextBudget;
import io.github.openaikserve.internal.concurrent.CancellationPropagatingFuture;
import io.github.openaikserve.internal.concurrent.Futures;
import io.github.openaikserve.internal.flow.MergeProcessor;
import io.github.openaikserve.internal.request.Prepared;
import io.github.openaikserve.internal.text.TextAutomaton;
import io.github.openaikserve.openai.CompletionUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer made of generated text, streamed or whole. Nothing has been sent yet. Used once, by one
 * of its methods.
 *
 * @param <C> a chunk of the answer
 * @param <A> the whole answer
 */
public final class GeneratedAnswer<C, A> implements WholeAnswer<A> {
  /** A function that prepares another attempt after an answer in the wrong format. */
  interface Retry<C, A> {
    /**
     * Returns the next attempt; null for none.
     *
     * @param answer the answer of the model
     * @param fault why it is not in the format
     * @param spent the token usage of the answer
     */
    @Nullable GeneratedAnswer<C, A> after(String answer, String fault, CompletionUsage spent);
  }

  private final AnswerForm<C, A> form;
  private final Prepared prepared;
  private final AnswerMetadata head;
  private final CallScope scope;
  private final Supplier<String> ids;
  private final Retry<C, A> retry;
  private final List<GenerationCall> calls = new ArrayList<>(1);
  private final Choices choices;

  /**
   * Creates an answer and encodes its first call.
   *
   * @param spent the token usage of an earlier attempt; null for none
   * @throws io.github.openaikserve.error.InvalidRequestException if the call cannot be encoded
   */
  GeneratedAnswer(
      AnswerForm<C, A> form,
      Prepared prepared,
      AnswerMetadata head,
      CallScope scope,
      Supplier<String> ids,
      StreamSupport streams,
      boolean streamed,
      @Nullable CompletionUsage spent,
      Retry<C, A> retry) {
    this.form = form;
    this.prepared = prepared;
    this.head = head;
    this.scope = scope;
    this.ids = ids;
    this.retry = retry;
    var budget = new TextBudget(prepared.route().limits().generatedText());
    TextAutomaton stops = StopSequences.automaton(prepared.stops());
    List<GenerationDecoder> decoders = new ArrayList<>(1);
    for (Generation prompt : prepared.prompts()) {
      Generation wanted = GenerationCall.withStream(prepared.route(), prompt, streamed);
      for (int i = 0; i < prepared.perPrompt(); i++) {
        Generation generation = Prepared.choice(wanted, i);
        var decoder = new GenerationDecoder(prepared, generation, decoders.size(), stops, budget);
        decoders.add(decoder);
        calls.add(new GenerationCall(prepared.route(), generation, decoder, streams, scope));
      }
    }
    this.choices = new Choices(decoders, calls, prepared.perPrompt(), spent);
    calls.get(0).encode();
  }

  /** Returns the data of the answer that is known before its first token. */
  public AnswerMetadata head() {
    return head;
  }

  @Override
  public List<String> droppedParams() {
    return head.droppedParams();
  }

  /** Returns the chunks of the answer. */
  public MergeProcessor<?, C> chunks() {
    return stream(output -> form.chunks(head, output));
  }

  /** Returns a sink that emits chunks. */
  public AnswerSink chunkSink(Consumer<? super C> output) {
    return form.chunks(head, output);
  }

  /** Returns the outputs that a sink creates from the answer. */
  public <O> MergeProcessor<?, O> stream(Function<Consumer<? super O>, AnswerSink> sinks) {
    return processor(sinks, true, this::terminated);
  }

  /** Cancels the stream unless a reader subscribes within 30 seconds. */
  public void awaitReader() {
    scope.deadline().awaitReader();
  }

  private void terminated(
      @Nullable Throwable failure, boolean cancelled, @Nullable CompletionUsage usage) {
    scope.terminated(failure, cancelled, usage, choices.reasons());
  }

  private <O> MergeProcessor<?, O> processor(
      Function<Consumer<? super O>, AnswerSink> sinks,
      boolean streamed,
      CallScope.Termination termination) {
    var stage = new AnswerStage<O>(prepared, choices, ids, streamed, sinks, scope, termination);
    try {
      var processor = new MergeProcessor<>(calls, prepared.route().maxConcurrency(), stage);
      scope.setAnswer(processor);
      return processor;
    } catch (Throwable e) { // thrown by an application's format, which creates the parsers
      scope.failBeforeCall(e);
      throw e;
    }
  }

  @Override
  public CompletableFuture<A> whole() {
    var answer = new CancellationPropagatingFuture<A>();
    accumulate(answer);
    return answer;
  }

  private void accumulate(CancellationPropagatingFuture<A> answer) {
    var attempt = new Attempt(answer);
    MergeProcessor<?, A> processor =
        processor(output -> form.whole(head, output), false, attempt::terminated);
    answer.onAbandon(processor::close);
    processor.subscribe(attempt);
  }

  /** One attempt at a whole answer. Another attempt may follow. */
  private final class Attempt implements Flow.Subscriber<A> {
    private final CancellationPropagatingFuture<A> answer;
    private @Nullable GeneratedAnswer<C, A> next;

    Attempt(CancellationPropagatingFuture<A> answer) {
      this.answer = answer;
    }

    void terminated(
        @Nullable Throwable failure, boolean cancelled, @Nullable CompletionUsage usage) {
      if (failure instanceof InvalidAnswerException invalid && usage != null) {
        try {
          next = retry.after(invalid.answer(), invalid.getMessage(), usage);
        } catch (Throwable e) { // the first failure is reported
          failure.addSuppressed(e);
        }
      }
      if (next == null) {
        GeneratedAnswer.this.terminated(failure, cancelled, usage);
      } else {
        next.accumulate(answer);
      }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(A whole) {
      Futures.complete(() -> answer.succeed(whole));
    }

    @Override
    public void onError(Throwable failure) {
      if (next == null) {
        Futures.complete(() -> answer.fail(failure));
      }
    }

    @Override
    public void onComplete() {}
  }
}
