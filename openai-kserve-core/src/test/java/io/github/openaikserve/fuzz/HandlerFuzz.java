package io.github.openaikserve.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.openaikserve.ModelBuilder;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.chat.format.ToolCallFormats;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.resilience.Load;
import io.github.openaikserve.testing.ManualScheduler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The handler against any requests, any answer of the server in any order, any reader and any
 * limits, while time passes. It never throws; it answers in OpenAI's shape, and never that it has a
 * bug; no call, no place and no timer is left when it is over.
 *
 * <p>The build repeats the seeds and what the fuzzer has found, which is kept in the test resources
 * beside this class. To fuzz: {@code ./mvnw -pl openai-kserve-core test -Dfuzz.duration=10m
 * -Djunit.jupiter.execution.timeout.mode=disabled}.
 */
final class HandlerFuzz {
  private static final List<Dialect> DIALECTS =
      Stream.concat(
              Dialects.names().map(name -> Dialects.byName(name).orElseThrow()),
              Stream.of(Dialects.generic("text_input", "text_output").build()))
          .toList();
  private static final List<String> TEMPLATES = List.copyOf(ChatTemplates.names());
  private static final List<String> TOOL_FORMATS = List.copyOf(ToolCallFormats.names());
  private static final List<String> REASONING_FORMATS = List.copyOf(ReasoningFormats.names());

  // Where these choices stand while those before them are the first.
  private static final int LIMITS = 0;
  private static final int DIALECT = 3;
  private static final int REQUEST = 10;

  /** Every request with every dialect and every choice after them the first, and any choices. */
  static Stream<Arguments> seeds() {
    var random = new Random(1);
    return IntStream.range(0, 60)
        .mapToObj(
            i -> {
              byte[] data = new byte[400];
              if (i >= 36) {
                random.nextBytes(data);
              }
              data[LIMITS] = (byte) (i < 36 ? 0 : random.nextInt(256));
              data[DIALECT] = (byte) i;
              data[REQUEST] = (byte) (i / 8);
              return Arguments.of(data);
            });
  }

  @BeforeAll
  static void watch() {
    LastBug.watch();
  }

  @AfterAll
  static void release() {
    LastBug.release();
  }

  @Timeout(120)
  @MethodSource("seeds")
  @FuzzTest
  void everyRequestGetsAnAnswerForAnyServerResponse(byte[] data) {
    var choices = new Choices(data);
    var limits = new Limits(choices);
    var time = new ManualScheduler();
    var backend = new SteppedBackend(choices, time);
    OpenAiKServe openai = openai(choices, limits, limits.around(backend, time), time);
    new Conversation(choices, limits, backend, time, openai).run();
  }

  private static OpenAiKServe openai(
      Choices choices, Limits limits, InferenceBackend backend, ManualScheduler time) {
    var builder =
        OpenAiKServe.builder(backend)
            .ids(() -> "0")
            .clock(InstantSource.fixed(Instant.EPOCH))
            .scheduler(time)
            .model("m", model -> configure(choices, limits, model));
    limits.set(builder);
    if (choices.oneIn(8)) {
      builder.strict(true);
    }
    if (choices.oneIn(8)) {
      builder.discover(model -> model.dialect(Dialects.ANYSERVE));
    }
    return builder.build();
  }

  /** A model that transcribes and speaks, in pieces. */
  private static final Dialect AUDIO =
      Dialect.builder("audio")
          .decoupled()
          .input("file", Datatype.BYTES, RequestField.AUDIO_FILE)
          .input("task", Datatype.BYTES, RequestField.TASK)
          .input("speech", Datatype.BYTES, RequestField.SPEECH_TEXT)
          .output("text", ResponseField.TEXT)
          .output("segments", ResponseField.SEGMENTS)
          .output("words", ResponseField.WORDS)
          .output("duration", ResponseField.DURATION)
          .output("audio", ResponseField.AUDIO)
          .sampleRate(8000)
          .build();

  private static void configure(Choices choices, Limits limits, ModelBuilder model) {
    for (Dialect dialect : List.of(Dialects.SCORES, Dialects.CLASSIFICATION, AUDIO)) {
      model.tensorDialect(dialect);
    }
    model.shortensVectors(true);
    model.dialect(choices.of(DIALECTS));
    limits.set(model);
    if (choices.oneIn(4)) {
      model.embeddingDialect(
          choices.of(List.of(Dialects.ANYSERVE, Dialects.TRITON_VLLM, Dialects.EMBEDDINGS)));
    }
    if (choices.oneIn(2)) {
      model.chatTemplate(ChatTemplates.byName(choices.of(TEMPLATES)).orElseThrow());
    }
    if (choices.oneIn(2)) {
      model.toolCallFormat(ToolCallFormats.byName(choices.of(TOOL_FORMATS)).orElseThrow());
    }
    if (choices.oneIn(4)) {
      model.reasoningFormat(ReasoningFormats.byName(choices.of(REASONING_FORMATS)).orElseThrow());
    }
    if (choices.oneIn(4)) {
      model.emulateResponseFormat(true);
    }
    model.maxConcurrentChoices(1 + choices.below(3));
  }

  /** Requests, their readers, the server and the passing of time, in the order of the choices. */
  private static final class Conversation {
    private static final int MAX_STEPS = 200;
    private static final Duration LONG = Duration.ofDays(1);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(1);
    private static final int QUESTIONS = 3;

    private final Choices choices;
    private final Limits limits;
    private final SteppedBackend backend;
    private final ManualScheduler time;
    private final OpenAiKServe openai;
    private final List<Exchange> exchanges = new ArrayList<>();

    Conversation(
        Choices choices,
        Limits limits,
        SteppedBackend backend,
        ManualScheduler time,
        OpenAiKServe openai) {
      this.choices = choices;
      this.limits = limits;
      this.backend = backend;
      this.time = time;
      this.openai = openai;
    }

    void run() {
      OpenAiHandler handler = openai.httpHandler();
      int requests = limits.requests();
      for (int i = 0; i < requests; i++) {
        ApiRequest request = Requests.request(choices);
        exchanges.add(new Exchange(request.method(), handler.handle(request)));
      }
      for (int i = 0; i < MAX_STEPS && choices.left() && !areAllAbandoned(); i++) {
        step(exchanges.size() == 1 ? exchanges.get(0) : choices.of(exchanges));
      }
      if (areAllAbandoned() && !limits.holdUntilDone()) {
        awaitChecks(); // one that runs ends its call by itself
        must(backend.open() == 0, "calls were left open by those who went");
      }
      finish();
      // A call waits before it is made again, and for an answer about its model; nothing else may
      // need that time passes.
      for (int i = 0; i < (limits.backoffs() + QUESTIONS) * exchanges.size(); i++) {
        time.advance(MAX_BACKOFF);
        finish();
      }
      exchanges.forEach(Exchange::judge);
      judgeWhatIsLeft();
    }

    private boolean areAllAbandoned() {
      return exchanges.stream().allMatch(Exchange::abandoned);
    }

    private void step(Exchange exchange) {
      int choice = choices.next();
      if (choice < 140) {
        backend.step();
      } else if (choice < 200) {
        exchange.subscribe();
        exchange.request(1 + choices.below(20));
      } else if (choice < 225) {
        exchange.subscribe();
      } else if (choice < 245) {
        Duration passing = Duration.ofMillis(1L << (choice - 225));
        time.advance(passing);
        exchanges.forEach(each -> each.passed(passing));
      } else if (choice < 252) {
        exchange.abandon();
      } else {
        exchange.misbehave();
      }
    }

    /** Reads on and lets the server say all it has to. */
    private void finish() {
      boolean progress;
      do {
        progress = false;
        for (Exchange exchange : exchanges) {
          progress |= exchange.subscribe();
          exchange.request(Long.MAX_VALUE);
        }
        progress |= backend.run(); // last: reading on begins calls
        awaitChecks();
        progress |= backend.run();
      } while (progress);
    }

    /** Answers are checked against schemas on the common pool. */
    private void awaitChecks() {
      must(ForkJoinPool.commonPool().awaitQuiescence(20, TimeUnit.SECONDS), "a check does not end");
    }

    private void judgeWhatIsLeft() {
      must(backend.open() == 0, "calls were left open");
      for (Load load : openai.loads().values()) {
        must(load.running() == 0 && load.waiting() == 0, "a place was not given back");
      }
      openai.shutdown(); // what is known of models is asked for in the background
      limits.close();
      must(time.waiting() == backend.timers(), "a timer was left");
      time.advance(LONG);
      must(time.waiting() == 0 && backend.timers() == 0, "a timer began again");
    }

    private void must(boolean holds, String what) {
      if (!holds) {
        throw new AssertionError(
            "%s: %d calls, %s, %d timers, %s"
                .formatted(what, backend.open(), openai.loads(), time.waiting(), exchanges));
      }
    }
  }
}
