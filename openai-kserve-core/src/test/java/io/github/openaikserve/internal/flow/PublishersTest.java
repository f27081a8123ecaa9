package io.github.openaikserve.internal.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.testsupport.TestSubscriber;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

final class PublishersTest {
  private static final Flow.Publisher<String> THROWING =
      subscriber -> {
        throw new IllegalStateException("subscribe");
      };

  private final TestSubscriber<String> reader = new TestSubscriber<>(Long.MAX_VALUE);

  @Test
  void aLatePublisherThatThrowsOnSubscriptionFailsTheStream() {
    var late = new CompletableFuture<Flow.Publisher<String>>();
    Publishers.<String>fromFuture(() -> late).subscribe(reader);

    late.complete(THROWING);

    assertThat(reader.failure()).hasMessage("subscribe");
  }

  @Test
  void aPublisherThatThrowsAfterItsEndHasOneEnd() {
    Flow.Publisher<String> late =
        subscriber -> {
          Publishers.fromIterable(List.of("a")).subscribe(subscriber);
          throw new IllegalStateException("too late");
        };

    Publishers.fromFuture(() -> CompletableFuture.completedFuture(late)).subscribe(reader);

    assertThat(reader.items()).containsExactly("a");
    assertThat(reader.isCompleted()).isTrue();
    assertThat(reader.failure()).isNull();
  }
}
