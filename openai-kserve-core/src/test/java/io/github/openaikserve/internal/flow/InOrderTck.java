package io.github.openaikserve.internal.flow;

import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** Publishers of one value each, three at once. */
public final class InOrderTck extends FlowPublisherVerification<Long> {
  public InOrderTck() {
    super(new TestEnvironment(250, 20));
  }

  @Override
  public Flow.Publisher<Long> createFlowPublisher(long elements) {
    return of(LongStream.range(0, elements).mapToObj(i -> Publishers.of(List.of(i))).toList());
  }

  @Override
  public Flow.Publisher<Long> createFailedFlowPublisher() {
    return of(List.of(Publishers.failed(new IllegalStateException("as asked"))));
  }

  @Override
  public long maxElementsFromPublisher() {
    return 10_000;
  }

  private static Flow.Publisher<Long> of(List<Flow.Publisher<Long>> sources) {
    return new InOrder<>(sources, 3, () -> new IllegalStateException("there was none"));
  }
}
