package io.github.openaikserve.internal.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** Three publishers merged into one, two at a time. */
public final class MergeTck extends FlowPublisherVerification<Long> {
  public MergeTck() {
    super(new TestEnvironment(250, 20));
  }

  @Override
  public Flow.Publisher<Long> createFlowPublisher(long elements) {
    List<Flow.Publisher<Long>> parts = new ArrayList<>();
    long first = elements / 3;
    long second = elements / 2;
    parts.add(Publishers.of(LongStream.range(0, first).boxed().toList()));
    parts.add(Publishers.of(LongStream.range(first, second).boxed().toList()));
    parts.add(Publishers.of(LongStream.range(second, elements).boxed().toList()));
    return new Merge<>(parts, 2);
  }

  @Override
  public Flow.Publisher<Long> createFailedFlowPublisher() {
    return new Merge<>(
        List.of(Publishers.of(List.of()), Publishers.failed(new IllegalStateException("asked"))),
        2);
  }

  @Override
  public long maxElementsFromPublisher() {
    return 10_000;
  }
}
