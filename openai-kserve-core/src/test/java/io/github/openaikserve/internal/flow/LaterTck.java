package io.github.openaikserve.internal.flow;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** A publisher that comes later. */
public final class LaterTck extends FlowPublisherVerification<Long> {
  public LaterTck() {
    super(new TestEnvironment(500, 50));
  }

  @Override
  public Flow.Publisher<Long> createFlowPublisher(long elements) {
    return new Later<>(
        () ->
            CompletableFuture.supplyAsync(
                () -> Publishers.of(LongStream.range(0, elements).boxed().toList())));
  }

  @Override
  public Flow.Publisher<Long> createFailedFlowPublisher() {
    return new Later<>(() -> CompletableFuture.failedFuture(new IllegalStateException("as asked")));
  }

  @Override
  public long maxElementsFromPublisher() {
    return 10_000;
  }
}
