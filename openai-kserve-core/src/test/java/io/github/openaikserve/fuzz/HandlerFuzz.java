package io.github.openaikserve.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.openaikserve.ModelBuilder;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.ReasoningFormats;
import io.github.openaikserve.chat.ToolCallFormats;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.EmbeddingDialects;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The handler against any request, any answer of the server in any order, and any reader. It never
 * throws; it answers in OpenAI's shape, and never that it has a bug; whoever was asked has ended or
 * was cancelled when it is over.
 *
 * <p>Run by the build for some seconds, for longer by {@code ./mvnw -pl openai-kserve-core
 * test-compile surefire:test@fuzz -Dfuzz.duration=10m}. What it finds is kept in the test resources
 * beside it, and tried first ever after.
 */
final class HandlerFuzz {
  private static final List<Dialect> DIALECTS =
      List.of(
          Dialects.ANYSERVE,
          Dialects.TRITON_VLLM,
          Dialects.TENSORRT_LLM,
          Dialects.TENSORRT_LLM_BLS,
          Dialects.TENSORRT_LLM_API,
          Dialects.DYNAMO,
          Dialects.MLSERVER_HUGGINGFACE,
          Dialects.generic("text_input", "text_output").build());
  private static final List<String> TEMPLATES = List.copyOf(ChatTemplates.names());
  private static final List<String> TOOL_FORMATS = List.copyOf(ToolCallFormats.names());
  private static final List<String> REASONING_FORMATS = List.copyOf(ReasoningFormats.names());

  /** Every request with every dialect and every choice after them the first, and any choices. */
  static Stream<Arguments> seeds() {
    Answers.watch();
    var random = new Random(1);
    return IntStream.range(0, 60)
        .mapToObj(
            i -> {
              byte[] data = new byte[400];
              if (i >= 36) {
                random.nextBytes(data);
              }
              data[2] = (byte) i;
              data[11] = (byte) (i / 8);
              return Arguments.of(data);
            });
  }

  @Timeout(120)
  @MethodSource("seeds")
  @FuzzTest
  void everyRequestIsAnsweredWhateverTheServerSays(byte[] data) {
    var choices = new Choices(data);
    var backend = new SteppedBackend(choices);
    new Conversation(choices, backend, handler(choices, backend)).run();
  }

  private static OpenAiHandler handler(Choices choices, SteppedBackend backend) {
    var builder =
        OpenAiKServe.builder(backend)
            .ids(() -> "0")
            .clock(InstantSource.fixed(Instant.EPOCH))
            .model("m", model -> configure(choices, model));
    if (choices.oneIn(8)) {
      builder.strict();
    }
    if (choices.oneIn(8)) {
      builder.discover(model -> model.dialect(Dialects.ANYSERVE));
    }
    return builder.build().httpHandler();
  }

  private static void configure(Choices choices, ModelBuilder model) {
    model.dialect(choices.of(DIALECTS)).timeout(null);
    if (choices.oneIn(4)) {
      model.embeddingDialect(
          choices.of(
              List.of(
                  EmbeddingDialects.ANYSERVE,
                  EmbeddingDialects.TRITON_VLLM,
                  EmbeddingDialects.GENERIC)));
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
      model.emulateResponseFormat();
    }
    model.concurrency(1 + choices.below(3));
  }

  /** One request, its reader and the server, in the order of the choices. */
  private static final class Conversation {
    private static final int MAX_STEPS = 200;

    private final Choices choices;
    private final SteppedBackend backend;
    private final OpenAiHandler handler;
    private final Reader reader = new Reader();
    private @Nullable ApiResponse response;
    private boolean abandoned;
    private boolean misbehaved;

    Conversation(Choices choices, SteppedBackend backend, OpenAiHandler handler) {
      this.choices = choices;
      this.backend = backend;
      this.handler = handler;
    }

    void run() {
      CompletableFuture<ApiResponse> answer = handler.handle(Requests.request(choices));
      for (int i = 0; i < MAX_STEPS && choices.left() && !abandoned; i++) {
        step(answer);
      }
      boolean progress = true;
      while (progress && !abandoned) {
        progress = backend.run();
        progress |= subscribe(answer);
        reader.request(Long.MAX_VALUE);
      }
      judge(answer);
    }

    private void step(CompletableFuture<ApiResponse> answer) {
      int choice = choices.next();
      if (choice < 140) {
        backend.step();
      } else if (choice < 200) {
        subscribe(answer);
        reader.request(1 + choices.below(20));
      } else if (choice < 245) {
        subscribe(answer);
      } else if (choice < 252) {
        abandon(answer);
      } else if (subscribe(answer) || response != null) {
        misbehaved = true;
        reader.requestNothing();
      }
    }

    /** Begins to read once the answer is there. */
    private boolean subscribe(CompletableFuture<ApiResponse> answer) {
      if (response != null || !answer.isDone() || answer.isCancelled()) {
        return false;
      }
      response = answer.join();
      response.body().subscribe(reader);
      return true;
    }

    private void abandon(CompletableFuture<ApiResponse> answer) {
      abandoned = true;
      if (!answer.isDone()) {
        answer.cancel(false);
      } else if (response == null) {
        answer.join().body().close();
      } else {
        reader.cancel();
      }
    }

    private void judge(CompletableFuture<ApiResponse> answer) {
      if (!abandoned && !misbehaved) {
        if (response == null || !reader.ended() || reader.failure() != null) {
          throw new AssertionError(
              "no end: %s, %s".formatted(answer, reader.text()), reader.failure());
        }
        Answers.check(response, reader.text());
      }
      if (backend.open() > 0) {
        throw new AssertionError(
            "%d calls were left open, abandoned: %s, asked for nothing: %s, %s"
                .formatted(backend.open(), abandoned, misbehaved, answer));
      }
    }
  }
}
