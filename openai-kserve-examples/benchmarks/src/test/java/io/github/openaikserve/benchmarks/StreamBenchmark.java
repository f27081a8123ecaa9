package io.github.openaikserve.benchmarks;

import io.github.openaikserve.ModelBuilder;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.OpenAiHandler;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
 * From responses to the bytes of server-sent events, per token. A whole stream of ten thousand
 * tokens with its request is one invocation.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class StreamBenchmark {
  private static final int STOPS = 4;
  private static final int STOP_LENGTH = 1000;
  private static final String TOKEN = " aaa";

  /** The features that read the text. */
  public enum Reading {
    /** Nothing. */
    PLAIN,
    /** Four stop sequences. */
    STOPS,
    /** Four stop sequences of about 1,000 characters; the text has all but the last character. */
    ALMOST_STOPS,
    /** Tool calls, with three tools. */
    TOOLS,
    /** Reasoning, and the text is all reasoning. */
    REASONING,
    /** Nothing, by the Responses API. */
    RESPONSE
  }

  /** The feature that reads the text. */
  @Param public Reading reading = Reading.PLAIN;

  private final Tokens atOnce = new Tokens(" tok0", false);
  private final Tokens alone = new Tokens(" tok0", true);
  private OpenAiHandler atOnceHandler = handler(atOnce);
  private OpenAiHandler aloneHandler = handler(alone);
  private ApiRequest request = Requests.streamed("");

  /** Chooses the request. */
  @Setup
  public void choose() {
    request =
        switch (reading) {
          case PLAIN -> Requests.streamed("");
          case STOPS -> Requests.streamed(",\"stop\":[\"\\n\\n\",\"User:\",\"END\",\"</s>\"]");
          case ALMOST_STOPS -> Requests.streamed(",\"stop\":" + almostStops());
          case TOOLS -> Requests.streamed(",\"tools\":[" + Requests.tools(3) + "]");
          case REASONING -> Requests.streamed("");
          case RESPONSE -> Requests.streamedResponse();
        };
    Tokens given =
        switch (reading) {
          case REASONING -> new Tokens("<think>", false);
          case ALMOST_STOPS -> Tokens.repeating(TOKEN);
          default -> atOnce;
        };
    atOnceHandler = handler(given);
    aloneHandler = handler(alone);
  }

  private static String almostStops() {
    String text = TOKEN.repeat(STOP_LENGTH / TOKEN.length());
    return IntStream.range(0, STOPS)
        .mapToObj(i -> "\"" + text.substring(0, STOP_LENGTH - 1 - i) + "#\"")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private OpenAiHandler handler(Tokens tokens) {
    return OpenAiKServe.builder(tokens).model("m", this::configure).build().httpHandler();
  }

  private void configure(ModelBuilder model) {
    model.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.PLAIN);
    switch (reading) {
      case TOOLS -> model.chatTemplate(ChatTemplates.CHATML);
      case REASONING -> model.reasoningFormat(ReasoningFormats.THINK);
      case PLAIN, STOPS, ALMOST_STOPS, RESPONSE -> {}
    }
  }

  /** Tokens that are available before they are requested. */
  @Benchmark
  @OperationsPerInvocation(Tokens.COUNT)
  public long together() {
    return new StreamedAnswer(atOnceHandler, request).read(Tokens.COUNT);
  }

  /** Tokens that arrive one by one, each written before the next. */
  @Benchmark
  @OperationsPerInvocation(Tokens.COUNT)
  public long alone() {
    if (reading == Reading.REASONING || reading == Reading.ALMOST_STOPS) {
      return together(); // the same for each
    }
    var answer = aloneHandler.handle(request).toCompletableFuture();
    alone.giveOne();
    var reader = new StreamedAnswer.Reader();
    answer.join().body().subscribe(reader);
    while (alone.giveOne()) {
      // the next
    }
    return reader.checked(Tokens.COUNT);
  }
}
