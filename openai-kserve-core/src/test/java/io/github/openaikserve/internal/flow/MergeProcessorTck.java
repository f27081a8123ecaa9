package io.github.openaikserve.internal.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** Three sources merged into one stream, two at a time. */
public final class MergeProcessorTck extends FlowPublisherVerification<Long> {
  public MergeProcessorTck() {
    super(new TestEnvironment(250, 20));
  }

  @Override
  public Flow.Publisher<Long> createFlowPublisher(long elements) {
    List<Flow.Publisher<Long>> parts = new ArrayList<>();
    long first = elements / 3;
    long second = elements / 2;
    parts.add(Publishers.fromIterable(LongStream.range(0, first).boxed().toList()));
    parts.add(Publishers.fromIterable(LongStream.range(first, second).boxed().toList()));
    parts.add(Publishers.fromIterable(LongStream.range(second, elements).boxed().toList()));
    return new MergeProcessor<>(parts, 2, new MappingStage<>(item -> item));
  }

  @Override
  public Flow.Publisher<Long> createFailedFlowPublisher() {
    return new MergeProcessor<Long, Long>(
        List.of(
            Publishers.fromIterable(List.of()),
            Publishers.error(new IllegalStateException("asked"))),
        2,
        new MappingStage<>(item -> item));
  }

  @Override
  public long maxElementsFromPublisher() {
    return 10_000;
  }
}
