package io.github.openaikserve.internal.flow;

import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** A publisher that replaces one that fails at once. */
public final class FallbackTck extends FlowPublisherVerification<Long> {
  public FallbackTck() {
    super(new TestEnvironment(250, 20));
  }

  @Override
  public Flow.Publisher<Long> createFlowPublisher(long elements) {
    return new Fallback<>(
        Publishers.failed(new IllegalStateException("as planned")),
        failure -> Publishers.of(LongStream.range(0, elements).boxed().toList()));
  }

  @Override
  public Flow.Publisher<Long> createFailedFlowPublisher() {
    return new Fallback<>(
        Publishers.failed(new IllegalStateException("as asked")), failure -> null);
  }

  @Override
  public long maxElementsFromPublisher() {
    return 10_000;
  }
}
