package io.github.openaikserve.internal.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks a server one question at a time: who asks meanwhile waits for the same answer. */
final class Asking {
  private final AtomicReference<@Nullable CompletableFuture<Void>> asking = new AtomicReference<>();

  /** Done when the question is answered or has failed; never fails. */
  CompletableFuture<Void> ask(Supplier<? extends CompletionStage<?>> question) {
    var mine = new CompletableFuture<Void>();
    CompletableFuture<Void> other = asking.compareAndExchange(null, mine);
    if (other != null) {
      return other;
    }
    question
        .get()
        .whenComplete(
            (answer, failure) -> {
              asking.set(null);
              mine.complete(null);
            });
    return mine;
  }
}
