package io.github.openaikserve.benchmarks;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.OpenAiHandler;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From the bytes of a request to the call of the model server, and back to the end of a streamed
 * answer of one token.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 10, time = 2)
@Measurement(iterations = 5, time = 1)
public class RequestBenchmark {
  private final OpenAiHandler handler =
      OpenAiKServe.builder(new Tokens(" tok0", false, 1))
          .model("m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML))
          .build()
          .httpHandler();
  private final StreamedAnswer small = new StreamedAnswer(handler, Requests.oneKilobyte());
  private final StreamedAnswer large =
      new StreamedAnswer(handler, Requests.twentyMessagesWithTools());

  /** A chat of 1 kB. */
  @Benchmark
  public long oneKilobyte() {
    return small.read(1);
  }

  /** Twenty messages and three tools. */
  @Benchmark
  public long twentyMessagesWithTools() {
    return large.read(1);
  }
}
