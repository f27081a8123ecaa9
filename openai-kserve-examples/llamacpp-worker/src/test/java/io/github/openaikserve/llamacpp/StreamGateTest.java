package io.github.openaikserve.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class StreamGateTest {
  private final FakeServerCall call = new FakeServerCall();

  @Test
  void aClientThatDoesNotReadHoldsNoSlotForAnAnswerOfUsualLength() throws Exception {
    var gate = new StreamGate(call, TimeUnit.MINUTES.toNanos(1));

    for (int i = 0; i < StreamGate.MAX_AHEAD; i++) {
      assertThat(gate.await()).isTrue();
    }
  }

  @Test
  void aClientThatTakesNothingEndsItsGeneration() throws Exception {
    var gate = new StreamGate(call, 1);
    for (int i = 0; i < StreamGate.MAX_AHEAD; i++) {
      gate.await();
    }

    assertThat(gate.isStalled()).isFalse();
    assertThat(gate.await()).isFalse();
    assertThat(gate.isStalled()).isTrue();
  }

  @Test
  void aClientThatReadsAgainGetsTheRest() throws Exception {
    var gate = new StreamGate(call, TimeUnit.MINUTES.toNanos(1));
    for (int i = 0; i < StreamGate.MAX_AHEAD; i++) {
      gate.await();
    }
    CompletableFuture<Boolean> more =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return gate.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });

    call.becomeReady();

    assertThat(more.get(30, TimeUnit.SECONDS)).isTrue();
  }
}
