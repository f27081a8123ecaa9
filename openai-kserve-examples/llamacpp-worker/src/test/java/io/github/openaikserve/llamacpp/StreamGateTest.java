package io.github.openaikserve.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class StreamGateTest {
  private final Call call = new Call();

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

    assertThat(gate.await()).isFalse();
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

  /** A call whose client reads only when the test says so. */
  private static final class Call extends ServerCallStreamObserver<String> {
    private Runnable onReady = () -> {};
    private volatile boolean ready;

    void becomeReady() {
      ready = true;
      onReady.run();
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
      onReady = handler;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public void onNext(String value) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }
}
