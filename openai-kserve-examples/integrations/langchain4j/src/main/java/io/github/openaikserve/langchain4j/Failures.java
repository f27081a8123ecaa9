package io.github.openaikserve.langchain4j;

import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import io.github.openaikserve.error.InvalidAnswerException;
import io.github.openaikserve.error.OpenAiException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/** Maps failures of the service to LangChain4j's exceptions. */
final class Failures {
  private Failures() {}

  /** Returns LangChain4j's exception for a failure of the service; other failures as they are. */
  static RuntimeException mapped(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (!(cause instanceof OpenAiException ours)) {
      return cause instanceof RuntimeException exception
          ? exception
          : new CompletionException(cause);
    }
    String message = ours.getMessage();
    if (ours instanceof InvalidAnswerException) { // the service has already retried it
      return new NonRetriableException(message, ours);
    }
    return switch (ours.status()) {
      case 404 -> new ModelNotFoundException(message, ours);
      case 408, 504 -> new TimeoutException(message, ours);
      case 429 -> new RateLimitException(message, ours);
      default ->
          ours.status() < 500
              ? new InvalidRequestException(message, ours)
              : new InternalServerException(message, ours);
    };
  }

  /** Returns a future of the converted answer. Cancelling it cancels the call. Never throws. */
  static <A, T> CompletableFuture<T> mapped(
      Supplier<CompletableFuture<A>> call, Function<A, T> making, Executor executor) {
    CompletableFuture<A> answer;
    try {
      answer = call.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(mapped(e));
    }
    CompletableFuture<T> made =
        answer.handleAsync(
            (value, failure) -> {
              if (failure != null) {
                throw mapped(failure);
              }
              return making.apply(value);
            },
            executor);
    made.whenComplete((value, failure) -> answer.cancel(false));
    return made;
  }
}
