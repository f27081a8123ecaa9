package io.github.openaikserve.benchmarks;

import io.github.openaikserve.ModelBuilder;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.OpenAiHandler;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * As {@link StreamBenchmark}, but with a short and a long stream, and with every feature that reads
 * text: the cost of a token must not grow with the length of the stream before it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class LengthBenchmark {
  private static final int SHORT = 1000;
  private static final int LONG = 100_000;

  /** The kind of text. */
  public enum Text {
    /** Plain text. */
    CONTENT(" tok0"),
    /** Only reasoning. */
    REASONING("<think>"),
    /** One argument of one tool call. */
    CALL("<tool_call>{\"name\":\"tool_0\",\"arguments\":{\"city\":\"");

    private final String first;

    Text(String first) {
      this.first = first;
    }
  }

  /** The kind of text. */
  @Param public Text text = Text.CONTENT;

  private final ApiRequest request =
      Requests.streamed(
          ",\"stop\":[\"\\n\\n\",\"User:\",\"END\",\"</s>\"],\"tools\":["
              + Requests.tools(3)
              + "]");
  private StreamedAnswer shortOne = new StreamedAnswer(handler(SHORT), request);
  private StreamedAnswer longOne = new StreamedAnswer(handler(LONG), request);

  /** Creates the answers. */
  @Setup
  public void choose() {
    shortOne = new StreamedAnswer(handler(SHORT), request);
    longOne = new StreamedAnswer(handler(LONG), request);
  }

  private OpenAiHandler handler(int length) {
    return OpenAiKServe.builder(new Tokens(text.first, false, length))
        .model("m", LengthBenchmark::configure)
        .build()
        .httpHandler();
  }

  private static void configure(ModelBuilder model) {
    model
        .dialect(Dialects.ANYSERVE)
        .chatTemplate(ChatTemplates.CHATML)
        .reasoningFormat(ReasoningFormats.THINK);
  }

  /** A thousand tokens. */
  @Benchmark
  @OperationsPerInvocation(SHORT)
  public long thousand() {
    return shortOne.read(SHORT);
  }

  /** A hundred thousand. */
  @Benchmark
  @OperationsPerInvocation(LONG)
  public long hundredThousand() {
    return longOne.read(LONG);
  }
}
