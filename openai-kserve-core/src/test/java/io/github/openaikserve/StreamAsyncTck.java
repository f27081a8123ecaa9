package io.github.openaikserve;

import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.testing.FakeBackend;
import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** A streamed answer as Java callers get it: every token is a piece, and the finish is one more. */
public final class StreamAsyncTck extends FlowPublisherVerification<Completion> {
  public StreamAsyncTck() {
    super(new TestEnvironment(500, 50));
  }

  @Override
  public Flow.Publisher<Completion> createFlowPublisher(long elements) {
    String[] tokens = LongStream.range(1, elements).mapToObj(i -> "t" + i).toArray(String[]::new);
    return stream(FakeBackend.tokens(tokens));
  }

  @Override
  public Flow.Publisher<Completion> createFailedFlowPublisher() {
    return stream(FakeBackend.failing(BackendCode.INTERNAL, "as asked"));
  }

  @Override
  public long maxElementsFromPublisher() {
    return 10_000;
  }

  private static Flow.Publisher<Completion> stream(FakeBackend backend) {
    return OpenAiKServe.builder(backend)
        .model("m", Dialects.ANYSERVE)
        .build()
        .completions()
        .streamAsync(r -> r.prompt("hello").maxTokens(100_000));
  }
}
