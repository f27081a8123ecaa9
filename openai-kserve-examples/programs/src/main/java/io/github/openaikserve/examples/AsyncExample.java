package io.github.openaikserve.examples;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.openai.Completion;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** Completes a prompt without blocking: as a future, and as a publisher with back-pressure. */
public final class AsyncExample {
  private AsyncExample() {}

  /** Returns the text of a completion. Cancelling the future cancels the call. */
  static CompletableFuture<String> text(OpenAiKServe openai, String prompt) {
    return openai
        .completions()
        .createAsync(r -> r.prompt(prompt).maxTokens(32).temperature(0))
        .thenApply(Completion::text);
  }

  /** Prints chunks as they arrive, and requests the next chunk when one is printed. */
  static CompletableFuture<Void> print(OpenAiKServe openai, String prompt, PrintStream out) {
    var printer = new Printer(out);
    openai
        .completions()
        .streamAsync(r -> r.prompt(prompt).maxTokens(32).temperature(0))
        .subscribe(printer);
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
    public void onNext(Completion chunk) {
      out.print(chunk.text());
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
