package io.github.openaikserve.internal.flow;

import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** A publisher of a list. */
public final class PublishersTck extends FlowPublisherVerification<Long> {
  public PublishersTck() {
    super(new TestEnvironment(250, 20));
  }

  @Override
  public Flow.Publisher<Long> createFlowPublisher(long elements) {
    return Publishers.fromIterable(LongStream.range(0, elements).boxed().toList());
  }

  @Override
  public Flow.Publisher<Long> createFailedFlowPublisher() {
    return Publishers.error(new IllegalStateException("as asked"));
  }

  @Override
  public long maxElementsFromPublisher() {
    return 10_000;
  }
}
