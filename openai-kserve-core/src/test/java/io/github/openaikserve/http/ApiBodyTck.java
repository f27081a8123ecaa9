package io.github.openaikserve.http;

import io.github.openaikserve.internal.flow.Publishers;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** A streamed body. */
public final class ApiBodyTck extends FlowPublisherVerification<ByteBuffer> {
  public ApiBodyTck() {
    super(new TestEnvironment(250, 20));
  }

  @Override
  public Flow.Publisher<ByteBuffer> createFlowPublisher(long elements) {
    return ApiBody.streaming(
        Publishers.fromIterable(
            LongStream.range(0, elements)
                .mapToObj(i -> ByteBuffer.allocate(8).putLong(0, i))
                .toList()),
        () -> {});
  }

  @Override
  public Flow.Publisher<ByteBuffer> createFailedFlowPublisher() {
    return ApiBody.streaming(Publishers.error(new IllegalStateException("as asked")), () -> {});
  }

  @Override
  public long maxElementsFromPublisher() {
    return 10_000;
  }
}
