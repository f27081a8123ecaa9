package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.CauseAwareSubscription;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.races.Race;
import io.github.openaikserve.testsupport.StrictSubscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Callers on threads of their own, who read their answers or leave. */
final class RacingCallers {
  private static final int CALLERS = 4;
  private static final int CALLS = 4;

  private final InferenceBackend backend;
  private final AtomicInteger going = new AtomicInteger(CALLERS);
  private final List<StrictSubscriber<InferResponse>> all = new ArrayList<>();

  RacingCallers(InferenceBackend backend) {
    this.backend = backend;
  }

  /** The part of each caller in a race. */
  List<Runnable> parts(Random random) {
    List<Runnable> parts = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      List<StrictSubscriber<InferResponse>> own = new ArrayList<>();
      IntStream.range(0, CALLS).forEach(call -> own.add(new StrictSubscriber<>()));
      all.addAll(own);
      var choices = new Random(random.nextLong());
      parts.add(
          () -> {
            own.forEach(subscriber -> call(subscriber, choices));
            going.decrementAndGet();
          });
    }
    return parts;
  }

  private void call(StrictSubscriber<InferResponse> subscriber, Random random) {
    backend.infer(Probe.CALL).subscribe(subscriber);
    int choice = random.nextInt(6);
    if (choice >= 2) {
      subscriber.readAll(random);
      return;
    }
    IntStream.range(0, random.nextInt(6)).forEach(i -> Race.pause());
    if (choice == 0) {
      subscriber.cancelNow();
    } else {
      var reason = new DialectException("no such tensor");
      subscriber.cancelNow(subscription -> CauseAwareSubscription.cancel(subscription, reason));
    }
  }

  /** Repeats a part of the race until all callers are done. */
  Runnable meanwhile(Runnable part) {
    return () -> {
      while (going.get() > 0) {
        part.run();
        Race.pause();
      }
    };
  }

  void assertLawful(int responses) {
    for (StrictSubscriber<InferResponse> subscriber : all) {
      assertThat(subscriber.violations()).isEmpty();
      assertThat(subscriber.hasEnded() || subscriber.isCancelled()).isTrue();
      if (subscriber.hasEnded() && subscriber.failure() == null) {
        assertThat(subscriber.items()).hasSize(responses);
      }
    }
  }
}
