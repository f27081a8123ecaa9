package io.github.openaikserve.benchmarks;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.kserve.InferResponse;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From requests to bytes and from bytes to responses, through gRPC but without a network. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class WireBenchmark {
  /** A captured chunk of AnyServe. */
  private static final byte[] CHUNK =
      HexFormat.of()
          .parseHex(
              "12510a0f67656e65726174655f73747265616d2a1b0a05746f6b656e120542595445531a01012a"
                  + "08420620746f6b31322a210a0d66696e6973685f726561736f6e120542595445531a01012a06"
                  + "42046e756c6c");

  private final InferCall call =
      Dialects.ANYSERVE.encode(
          new Generation(
                  "m",
                  null,
                  Map.of(
                      RequestField.PROMPT,
                      "Once upon a time, ".repeat(50),
                      RequestField.MAX_TOKENS,
                      100,
                      RequestField.TEMPERATURE,
                      0.7))
              .withStream(true));
  private final GrpcBackend many = GrpcBackend.over(new LoopChannel(CHUNK, Tokens.COUNT));
  private final GrpcBackend none = GrpcBackend.over(new LoopChannel(CHUNK, 0));

  /** Converts a stream message to a response, per message. */
  @Benchmark
  @OperationsPerInvocation(Tokens.COUNT)
  public int decode() {
    return read(many, Tokens.COUNT);
  }

  /** Converts a request to bytes, with a call that has no answer. */
  @Benchmark
  public int encode() {
    return read(none, 0);
  }

  private int read(GrpcBackend backend, int expected) {
    var counter = new Counter();
    backend.infer(call).subscribe(counter);
    if (counter.responses != expected) {
      throw new AssertionError(counter.responses + " responses");
    }
    return counter.responses;
  }

  private static final class Counter implements Flow.Subscriber<InferResponse> {
    private int responses;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(InferResponse response) {
      responses += response.outputs().size() == 2 ? 1 : 0;
    }

    @Override
    public void onError(Throwable failure) {
      throw new AssertionError(failure);
    }

    @Override
    public void onComplete() {}
  }
}
