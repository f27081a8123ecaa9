package io.github.openaikserve.internal.flow;

import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** A processor of a single source, which maps every item. */
public final class SingleSourceTck extends FlowPublisherVerification<Long> {
  public SingleSourceTck() {
    super(new TestEnvironment(250, 20));
  }

  @Override
  public Flow.Publisher<Long> createFlowPublisher(long elements) {
    return new MergeProcessor<>(
        List.of(Publishers.fromIterable(LongStream.range(0, elements).boxed().toList())),
        1,
        new MappingStage<>((Long item) -> 2 * item));
  }

  @Override
  public Flow.Publisher<Long> createFailedFlowPublisher() {
    return new MergeProcessor<Long, Long>(
        List.of(Publishers.<Long>error(new IllegalStateException("asked"))),
        1,
        new MappingStage<>(item -> item));
  }

  @Override
  public long maxElementsFromPublisher() {
    return 10_000;
  }
}
