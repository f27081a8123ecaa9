package io.github.openaikserve.internal.flow;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** A publisher that arrives later. */
public final class FromFutureTck extends FlowPublisherVerification<Long> {
  public FromFutureTck() {
    super(new TestEnvironment(500, 50));
  }

  @Override
  public Flow.Publisher<Long> createFlowPublisher(long elements) {
    return Publishers.fromFuture(
        () ->
            CompletableFuture.supplyAsync(
                () -> Publishers.fromIterable(LongStream.range(0, elements).boxed().toList())));
  }

  @Override
  public Flow.Publisher<Long> createFailedFlowPublisher() {
    return Publishers.fromFuture(
        () -> CompletableFuture.failedFuture(new IllegalStateException("as asked")));
  }

  @Override
  public long maxElementsFromPublisher() {
    return 10_000;
  }
}
