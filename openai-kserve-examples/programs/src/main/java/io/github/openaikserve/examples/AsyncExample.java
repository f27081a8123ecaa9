package io.github.openaikserve.examples;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.openai.Completion;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** Answers without a blocked thread: as a future, and as a publisher with back-pressure. */
public final class AsyncExample {
  private AsyncExample() {}

  /** Returns a future of an answer's text. Cancelling the future cancels the call. */
  static CompletableFuture<String> text(OpenAiKServe openai, String prompt) {
    return openai
        .completions()
        .createAsync(r -> r.prompt(prompt).maxTokens(32))
        .thenApply(Completion::text);
  }

  /** Prints chunks as they arrive; requests the next one after the last one is printed. */
  static CompletableFuture<Void> print(OpenAiKServe openai, String prompt, PrintStream out) {
    var printer = new Printer(out);
    openai.completions().streamAsync(r -> r.prompt(prompt).maxTokens(32)).subscribe(printer);
    return printer.done;
  }

  private static final class Printer implements Flow.Subscriber<Completion> {
    final CompletableFuture<Void> done = new CompletableFuture<>();
    private final PrintStream out;

    @SuppressWarnings("NullAway.Init") // the first signal
    private Flow.Subscription subscription;

    Printer(PrintStream out) {
      this.out = out;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(1);
    }

    @Override
    public void onNext(Completion piece) {
      out.print(piece.text());
      subscription.request(1);
    }

    @Override
    public void onError(Throwable failure) {
      done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      done.complete(null);
    }
  }
}
