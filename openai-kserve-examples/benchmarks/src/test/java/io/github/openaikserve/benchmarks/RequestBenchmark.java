package io.github.openaikserve.benchmarks;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.OpenAiHandler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From the bytes of a request to the call of the model server, which is not made. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RequestBenchmark {
  private final ApiRequest small = Requests.oneKilobyte();
  private final ApiRequest large = Requests.twentyMessagesWithTools();
  private @Nullable InferCall made;
  private final OpenAiHandler handler =
      OpenAiKServe.builder(
              call -> {
                made = call;
                return subscriber -> subscriber.onSubscribe(Silence.SUBSCRIPTION);
              })
          .keepAlive(null) // no timer, so that an unfinished call becomes garbage
          .model(
              "m",
              m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML).timeout(null))
          .build()
          .httpHandler();

  /** A chat of 1 kB. */
  @Benchmark
  public @Nullable InferCall oneKilobyte() {
    handler.handle(small);
    return made;
  }

  /** Twenty messages and three tools. */
  @Benchmark
  public @Nullable InferCall twentyMessagesWithTools() {
    handler.handle(large);
    return made;
  }
}
