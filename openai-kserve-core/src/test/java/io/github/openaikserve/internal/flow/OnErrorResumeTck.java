package io.github.openaikserve.internal.flow;

import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** A publisher that continues with another one after a failure. */
public final class OnErrorResumeTck extends FlowPublisherVerification<Long> {
  public OnErrorResumeTck() {
    super(new TestEnvironment(250, 20));
  }

  @Override
  public Flow.Publisher<Long> createFlowPublisher(long elements) {
    return Publishers.onErrorResume(
        Publishers.error(new IllegalStateException("as planned")),
        failure -> Publishers.fromIterable(LongStream.range(0, elements).boxed().toList()));
  }

  @Override
  public Flow.Publisher<Long> createFailedFlowPublisher() {
    return Publishers.onErrorResume(
        Publishers.error(new IllegalStateException("as asked")), failure -> null);
  }

  @Override
  public long maxElementsFromPublisher() {
    return 10_000;
  }
}
