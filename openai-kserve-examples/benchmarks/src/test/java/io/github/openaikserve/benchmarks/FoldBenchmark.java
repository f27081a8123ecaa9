package io.github.openaikserve.benchmarks;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
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

/** Whole answers accumulated from ten thousand responses, per token. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class FoldBenchmark {
  private final ApiRequest request = Requests.whole();
  private final OpenAiHandler handler =
      OpenAiKServe.builder(new Tokens(" tok0", false))
          .model("m", Dialects.ANYSERVE)
          .build()
          .httpHandler();

  /** Writes the bytes of a whole answer. */
  @Benchmark
  @OperationsPerInvocation(Tokens.COUNT)
  public long whole() {
    ApiResponse response = handler.handle(request).toCompletableFuture().join();
    if (response.status() != 200) {
      throw new AssertionError(response);
    }
    return response.body().length();
  }
}
