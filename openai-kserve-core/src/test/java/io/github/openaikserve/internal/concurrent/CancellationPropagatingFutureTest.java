package io.github.openaikserve.internal.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CancellationPropagatingFutureTest {
  private final AtomicInteger cancellations = new AtomicInteger();
  private final CancellationPropagatingFuture<String> future =
      new CancellationPropagatingFuture<>();

  /** A way in which a user ends a future. */
  private interface Ending {
    CompletableFuture<?> end(CompletableFuture<String> future);
  }

  static Stream<Named<Ending>> endings() {
    return Stream.of(
        Named.of("cancel", future -> ended(future, future.cancel(true))),
        Named.of("orTimeout", future -> future.orTimeout(1, TimeUnit.NANOSECONDS)),
        Named.of("completeOnTimeout", f -> f.completeOnTimeout("late", 1, TimeUnit.NANOSECONDS)),
        Named.of(
            "completeExceptionally",
            future -> ended(future, future.completeExceptionally(new TimeoutException()))),
        Named.of("complete", future -> ended(future, future.complete("mine"))));
  }

  private static CompletableFuture<String> ended(CompletableFuture<String> future, boolean ended) {
    assertThat(ended).isTrue();
    return future;
  }

  @ParameterizedTest
  @MethodSource("endings")
  void howeverAUserEndsItTheWorkIsCancelled(Ending ending) {
    var cancelled = new CompletableFuture<Void>();
    future.onAbandon(() -> cancelled.complete(null));

    ending.end(future);

    assertThat(cancelled).succeedsWithin(java.time.Duration.ofSeconds(10));
  }

  @ParameterizedTest
  @MethodSource("endings")
  void howeverAUserEndsADerivedStageTheWorkIsCancelled(Ending ending) {
    var cancelled = new CompletableFuture<Void>();
    future.onAbandon(() -> cancelled.complete(null));

    ending.end(future.thenApply(value -> value).thenCompose(CompletableFuture::completedFuture));

    assertThat(cancelled).succeedsWithin(java.time.Duration.ofSeconds(10));
  }

  @Test
  void workThatIsSetTooLateIsCancelledAtOnce() {
    future.cancel(false);

    future.onAbandon(cancellations::incrementAndGet);

    assertThat(cancellations).hasValue(1);
  }

  @Test
  void theWorkOfACompletedFutureIsNotCancelled() {
    future.onAbandon(cancellations::incrementAndGet);
    CompletableFuture<Integer> length = future.thenApply(String::length);

    assertThat(future.succeed("done")).isTrue();
    assertThat(future.cancel(false)).isFalse();
    assertThat(length.cancel(false)).isFalse();

    assertThat(length).isCompletedWithValue(4);
    assertThat(cancellations).hasValue(0);
  }

  @Test
  void aFailureOfTheTaskIsNotACancellation() {
    future.onAbandon(cancellations::incrementAndGet);

    assertThat(future.fail(new IllegalStateException("broken"))).isTrue();

    assertThat(future).isCompletedExceptionally();
    assertThat(cancellations).hasValue(0);
  }

  @Test
  void aFutureThatFollowsASourceCancelsIt() {
    var source = new CompletableFuture<String>();
    CompletableFuture<String> following = CancellationPropagatingFuture.of(source);

    following.cancel(false);

    assertThat(source).isCancelled();
  }
}
