package io.github.openaikserve.internal.answer;

import io.github.openaikserve.internal.answer.call.CallScope;
import io.github.openaikserve.internal.answer.text.StopSequences;
import io.github.openaikserve.internal.flow.Stage;
import io.github.openaikserve.internal.request.AnswerFormat;
import io.github.openaikserve.internal.request.Prepared;
import io.github.openaikserve.internal.text.TextAutomaton;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The stage that decodes the responses of all choices and passes their content to one sink. A
 * {@link FormatCheck} before the sink checks an emulated response format.
 *
 * @param <O> an output of the sink
 */
final class AnswerStage<O> implements Stage<InferResponse, O> {
  /** The common pool, or one thread per task if that pool has no threads. */
  private static final Executor ASYNC =
      ForkJoinPool.getCommonPoolParallelism() > 0
          ? ForkJoinPool.commonPool()
          : new CompletableFuture<Void>().defaultExecutor();

  private final Prepared prepared;
  private final Choices choices;
  private final Supplier<String> ids;
  private final boolean streamed;
  private final Function<Consumer<? super O>, ? extends AnswerSink> sinks;
  private final CallScope scope;
  private final CallScope.Termination termination;
  private @Nullable AnswerSink sink;
  private @Nullable FormatCheck check;

  /**
   * Creates a stage.
   *
   * @param sinks creates the sink, given its output
   */
  AnswerStage(
      Prepared prepared,
      Choices choices,
      Supplier<String> ids,
      boolean streamed,
      Function<Consumer<? super O>, ? extends AnswerSink> sinks,
      CallScope scope,
      CallScope.Termination termination) {
    this.prepared = prepared;
    this.choices = choices;
    this.ids = ids;
    this.streamed = streamed;
    this.sinks = sinks;
    this.scope = scope;
    this.termination = termination;
  }

  @Override
  public void onStart(Consumer<? super O> output) {
    AnswerSink last = sinks.apply(output);
    sink = last;
    if (prepared.format() != null) {
      check = new FormatCheck(prepared.format(), choices.count(), last);
    }
    AnswerSink first = check == null ? last : check;
    TextAutomaton cuts = StopSequences.automaton(prepared.plan().cuts());
    choices.decoders().forEach(decoder -> decoder.attach(prepared, ids, streamed, cuts, first));
  }

  /** Returns an executor if answers are checked against a client's schema, which may take long. */
  @Override
  public @Nullable Executor executor() {
    AnswerFormat format = prepared.format();
    boolean checks = format != null && format.hasSchema();
    return checks || prepared.plan().checksInputs() ? ASYNC : null;
  }

  private AnswerSink sink() {
    return Objects.requireNonNull(sink);
  }

  @Override
  public void onNext(int source, InferResponse response) {
    choices.decoder(source).decode(response);
  }

  @Override
  public void cancel(Flow.Subscription source, Throwable failure) {
    CallScope.cancel(source, failure);
  }

  @Override
  public boolean isDone(int source) {
    return choices.decoder(source).isDone();
  }

  @Override
  public Flow.@Nullable Publisher<InferResponse> continuation(int source) {
    return choices.continuation(source);
  }

  @Override
  public Flow.@Nullable Publisher<InferResponse> onErrorResume(int source, Throwable failure) {
    return choices.call(source).recover(failure);
  }

  @Override
  public void onSourceComplete(int source) {
    GenerationDecoder decoder = choices.decoder(source);
    decoder.complete();
    FinishReason reason = decoder.finishReason();
    if (check != null) {
      check.complete(source);
      if (reason == FinishReason.STOP) {
        check.check(source);
      }
    }
    choices.finish(source, reason);
  }

  @Override
  public @Nullable CompletableFuture<?> onCompleting() {
    for (int i = 0; i < choices.count(); i++) {
      String stop = choices.decoder(i).stopSequence();
      if (stop != null) {
        sink().stopSequence(i, stop);
      }
      sink().finish(i, choices.reason(i));
    }
    CompletableFuture<?> awaited = sink().completing(Objects.requireNonNull(choices.usage()));
    if (awaited != null) {
      scope.deadline().end(); // it only limits the model server, which has sent everything
    }
    return awaited;
  }

  @Override
  public void onComplete() {
    sink().complete(Objects.requireNonNull(choices.usage()));
  }

  @Override
  public @Nullable Throwable onError(Throwable failure) {
    try {
      for (GenerationDecoder decoder : choices.decoders()) {
        if (decoder.hasResponded()) {
          decoder.flush();
        }
      }
      if (check != null) {
        check.flushHeld();
      }
    } catch (Throwable e) { // the first failure is reported
      failure.addSuppressed(e);
    }
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
      termination.terminated(failure, cancelled, usageSoFar());
    } finally {
      sink().terminated();
    }
  }

  private @Nullable CompletionUsage usageSoFar() {
    try {
      return choices.usage();
    } catch (Throwable e) { // thrown by an application's token counter
      return null;
    }
  }
}
