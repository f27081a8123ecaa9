package io.github.openaikserve.internal.flow;

import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** A pipe over a publisher of numbers, each doubled. */
public final class PipeTck extends FlowPublisherVerification<Long> {
  public PipeTck() {
    super(new TestEnvironment(250, 20));
  }

  @Override
  public Flow.Publisher<Long> createFlowPublisher(long elements) {
    return new Pipe<>(
        Publishers.of(LongStream.range(0, elements).boxed().toList()), new Doubling());
  }

  @Override
  public Flow.Publisher<Long> createFailedFlowPublisher() {
    return new Pipe<>(Publishers.failed(new IllegalStateException("as asked")), new Doubling());
  }

  @Override
  public long maxElementsFromPublisher() {
    return 10_000;
  }

  private static final class Doubling implements Translator<Long, Long> {
    @Override
    public void next(Long input, Consumer<? super Long> output) {
      output.accept(2 * input);
    }
  }
}
