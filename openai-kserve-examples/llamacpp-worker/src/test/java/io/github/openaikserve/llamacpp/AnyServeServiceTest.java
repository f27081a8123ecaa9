package io.github.openaikserve.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AnyServeServiceTest {
  @Test
  void aCallThatIsCancelledInTheQueueUsesNoSlot() {
    List<Runnable> queue = new ArrayList<>();
    List<String> ran = new ArrayList<>();
    var cancelled = new FakeServerCall();
    AnyServeService.submit(cancelled, queue::add, () -> ran.add("cancelled"));
    AnyServeService.submit(new FakeServerCall(), queue::add, () -> ran.add("other"));

    cancelled.cancel();
    queue.forEach(Runnable::run);

    assertThat(ran).containsExactly("other");
  }
}
