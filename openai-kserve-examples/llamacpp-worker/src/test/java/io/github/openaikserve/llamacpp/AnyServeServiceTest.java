package io.github.openaikserve.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AnyServeServiceTest {
  @Test
  void aCallThatIsCancelledInTheQueueUsesNoSlot() {
    List<Runnable> queue = new ArrayList<>();
    List<String> ran = new ArrayList<>();
    var cancelled = new Call();
    AnyServeService.submit(cancelled, queue::add, () -> ran.add("cancelled"));
    AnyServeService.submit(new Call(), queue::add, () -> ran.add("other"));

    cancelled.cancelled = true;
    queue.forEach(Runnable::run);

    assertThat(ran).containsExactly("other");
  }

  private static final class Call extends ServerCallStreamObserver<String> {
    private boolean cancelled;

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {}

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
