package io.github.openaikserve.internal.flow;

import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** A processor whose only source fails and is replaced. */
public final class OnErrorResumeTck extends FlowPublisherVerification<Long> {
  public OnErrorResumeTck() {
    super(new TestEnvironment(250, 20));
  }

  @Override
  public Flow.Publisher<Long> createFlowPublisher(long elements) {
    return resuming(
        failure -> Publishers.fromIterable(LongStream.range(0, elements).boxed().toList()));
  }

  @Override
  public Flow.Publisher<Long> createFailedFlowPublisher() {
    return resuming(failure -> null);
  }

  private static Flow.Publisher<Long> resuming(
      Function<Throwable, Flow.@Nullable Publisher<Long>> replacement) {
    return new MergeProcessor<>(
        List.of(Publishers.<Long>error(new IllegalStateException("as planned"))),
        1,
        new MappingStage<>(item -> item, replacement));
  }

  @Override
  public long maxElementsFromPublisher() {
    return 10_000;
  }
}
