package io.github.openaikserve.grpc.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.ServerErrors;
import io.github.openaikserve.grpc.recording.Recordings.Outcome;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.kserve.TensorMetadata;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is recorded is what passed, and what is replayed is what was recorded. */
final class RecordingTest {
  @TempDir private Path directory;
  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = directory.resolve("recording.jsonl");
  }

  @Test
  void aConversationReadsLikeOne() throws IOException {
    InferCall call =
        Recordings.call(Tensor.text("prompt", "Hi"), Tensor.ints("max_tokens", 8))
            .withTimeout(Duration.ofSeconds(30))
            .withMetadata(Map.of("x-request-id", "r1", "authorization", "Bearer s3cret"));

    try (var recording = RecordingBackend.to(FakeBackend.tokens("Hello"), file, Redaction.none())) {
      Recordings.make(recording, call);
    }

    String token =
        "{\"name\":\"token\",\"datatype\":\"BYTES\",\"shape\":[\"1\"],"
            + "\"contents\":{\"bytes_contents\":[\"%s\"]}}";
    String reason = token.replace("token", "finish_reason");
    String response = "{\"call\":1,\"response\":{\"outputs\":[" + token + "," + reason + "]}}";
    assertThat(Files.readAllLines(file).stream().map(l -> l.replaceAll("\"ms\":[0-9.E-]+,", "")))
        .containsExactly(
            "{\"call\":1,\"rpc\":\"MODEL_STREAM_INFER\",\"metadata\":{\"x-request-id\":\"r1\"},"
                + "\"request\":{\"model_name\":\"model\",\"model_version\":\"1\",\"inputs\":["
                + token.replace("token", "prompt").formatted(base64("Hi"))
                + ",{\"name\":\"max_tokens\",\"datatype\":\"INT32\",\"shape\":[\"1\"],"
                + "\"contents\":{\"int_contents\":[8]}}]}}",
            response.formatted(base64("Hello"), base64("null")),
            response.formatted("", base64("stop")),
            "{\"call\":1,\"status\":\"OK\"}");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void concurrentCallsAreDistinguished() {
    var backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(
                        IntStream.range(0, 20)
                            .mapToObj(i -> answer(prompt(call) + "/" + i))
                            .toList())
                    .every(Duration.ofNanos(100_000)));
    List<InferCall> calls =
        IntStream.range(0, 16)
            .mapToObj(i -> Recordings.call(Tensor.text("prompt", "p" + i)))
            .toList();
    List<Outcome> recorded;
    try (var recording = RecordingBackend.to(backend, file, Redaction.none())) {
      List<TestSubscriber<InferResponse>> running =
          calls.stream().map(call -> Recordings.start(recording, call, Integer.MAX_VALUE)).toList();
      recorded = running.stream().map(Recordings::outcome).toList();
    }

    var replay = ReplayBackend.from(file);

    for (int i = calls.size() - 1; i >= 0; i--) {
      assertThat(recorded.get(i).responses()).hasSize(20);
      assertThat(Recordings.make(replay, calls.get(i))).isEqualTo(recorded.get(i));
    }
    assertThat(replay.remaining()).isZero();
  }

  @Test
  void whetherTheServerReportedAFailureIsReplayed() {
    for (BackendException failure :
        List.of(
            ServerErrors.of(BackendCode.INTERNAL, "it broke"),
            BackendException.unreachable("connection refused", null))) {
      InferenceBackend failing = call -> Publishers.error(failure);
      try (var recording = RecordingBackend.to(failing, file, Redaction.none())) {
        Recordings.make(recording, Recordings.call());
      }

      assertThat(Recordings.make(ReplayBackend.from(file), Recordings.call()).failure())
          .isInstanceOfSatisfying(
              BackendException.class,
              e -> assertThat(e.saidByServer()).isEqualTo(failure.saidByServer()))
          .hasMessage(failure.getMessage());
    }
  }

  @Test
  void failuresAreReplayed() {
    List<RuntimeException> failures =
        List.of(
            new BackendException(BackendCode.RESOURCE_EXHAUSTED, "The queue is full."),
            new DialectException("Output tensor 'x' is missing."),
            new IllegalStateException("a prompt"));
    for (RuntimeException failure : failures) {
      InferenceBackend failing = call -> Publishers.error(failure);
      try (var recording = RecordingBackend.to(failing, file, Redaction.none())) {
        Recordings.make(recording, Recordings.call());
      }

      Throwable replayed = Recordings.make(ReplayBackend.from(file), Recordings.call()).failure();

      if (failure instanceof IllegalStateException) {
        assertThat(replayed)
            .isInstanceOf(BackendException.class)
            .hasMessage("java.lang.IllegalStateException");
      } else {
        assertThat(replayed).hasSameClassAs(failure).hasMessage(failure.getMessage());
      }
      if (replayed instanceof BackendException backend && failure instanceof BackendException) {
        assertThat(backend.backendCode()).isEqualTo(BackendCode.RESOURCE_EXHAUSTED);
      }
    }
  }

  @Test
  void nothingIsWrittenOfACallAfterItWasCancelled() throws IOException {
    try (var recording =
        RecordingBackend.to(FakeBackend.tokens("a", "b", "c"), file, Redaction.none())) {
      Recordings.start(recording, Recordings.call(), 2).awaitEnd();
    }

    assertThat(Files.readAllLines(file))
        .hasSize(4)
        .last()
        .asString()
        .contains("CANCELLED_BY_CALLER");
    assertThat(Recordings.start(ReplayBackend.from(file), Recordings.call(), 2).items()).hasSize(2);
    assertThat(Recordings.start(ReplayBackend.from(file), Recordings.call(), 3).isOpen()).isTrue();
  }

  @Test
  void whatTheServerTellsAboutItselfIsReplayed() {
    InferenceBackend server = new Talkative();
    try (var recording = RecordingBackend.to(server, file, Redaction.none())) {
      askAll(recording);
    }

    assertThat(askAll(ReplayBackend.from(file))).isEqualTo(askAll(server));
    assertThat(ReplayBackend.from(file).modelReady("other", "").toCompletableFuture().join())
        .isEmpty();
  }

  @Test
  void answersAboutTheServerComeInOrderAndTheLastStays() {
    var backend = FakeBackend.tokens();
    try (var recording = RecordingBackend.to(backend, file, Redaction.none())) {
      recording.ready();
      backend.ready(false);
      recording.ready();
    }

    var replay = ReplayBackend.from(file);

    assertThat(replay.ready().toCompletableFuture().join()).contains(true);
    assertThat(replay.ready().toCompletableFuture().join()).contains(false);
    assertThat(replay.ready().toCompletableFuture().join()).contains(false);
  }

  @Test
  void anyBeginningOfAFileCanBeReplayed() throws IOException {
    try (var recording =
        RecordingBackend.to(FakeBackend.tokens("Grüße", "b"), file, Redaction.none())) {
      Recordings.make(recording, Recordings.call(Tensor.text("prompt", "Hi")));
      recording.ready();
    }
    byte[] whole = Files.readAllBytes(file);

    for (int length = 0; length < whole.length; length++) {
      byte[] beginning = Arrays.copyOf(whole, length);
      var replay =
          ReplayBackend.from(new ByteArrayInputStream(beginning), "cut.jsonl", options -> {});
      if (replay.remaining() == 1 && length < whole.length * 3 / 4) {
        Outcome outcome = Recordings.make(replay, Recordings.call(Tensor.text("prompt", "Hi")));
        assertThat(outcome.responses()).hasSizeLessThanOrEqualTo(3);
      }
    }
  }

  @Test
  void aCallWhoseRecordingWasCutFailsAndSaysWhere() {
    var replay =
        Recordings.replay(
            options -> {},
            "{\"call\":1,\"rpc\":\"MODEL_STREAM_INFER\",\"request\":{\"model_name\":\"model\","
                + "\"model_version\":\"1\"}}",
            "{\"call\":1,\"resp");

    assertThat(Recordings.make(replay, Recordings.call()).failure())
        .isInstanceOf(BackendException.class)
        .hasMessage("The recording of this call ends here (test.jsonl:1).");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRecordingThatFailsDoesNotDisturbTheConversationAndSaysSoWhenClosed(boolean error)
      throws IOException {
    var recording =
        RecordingBackend.to(
            FakeBackend.tokens("a"),
            file,
            (place, name, text) -> {
              if (error) {
                throw new AssertionError("as asked");
              }
              throw new IllegalStateException("as asked");
            });

    Outcome outcome = Recordings.make(recording, Recordings.call(Tensor.text("prompt", "Hi")));

    assertThat(outcome.failure()).isNull();
    assertThat(outcome.responses()).hasSize(2);
    assertThat(Files.readString(file)).doesNotContain("Hi");
    assertThatThrownBy(recording::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is incomplete")
        .hasRootCauseMessage("as asked");
    recording.close();
  }

  @Test
  void closingLeavesTheBackendOpenAndRecordsNoMore() throws IOException {
    var backend = FakeBackend.tokens("a");
    var recording = RecordingBackend.to(backend, file, Redaction.none());
    recording.close();

    Outcome outcome = Recordings.make(recording, Recordings.call());

    assertThat(outcome.responses()).hasSize(2);
    assertThat(backend.isClosed()).isFalse();
    assertThat(Files.readAllLines(file)).isEmpty();
  }

  @Test
  void theRecordedTimeIsKeptWhenAsked() {
    String[] lines = {
      "{\"call\":1,\"ms\":5,\"rpc\":\"MODEL_STREAM_INFER\",\"request\":{\"model_name\":\"model\","
          + "\"model_version\":\"1\"}}",
      "{\"call\":1,\"ms\":45,\"response\":{}}",
      "{\"call\":1,\"ms\":45,\"response\":{}}",
      "{\"call\":1,\"ms\":65.5,\"status\":\"OK\"}"
    };
    var replay = Recordings.replay(ReplayOptions::inRecordedTime, lines);
    long start = System.nanoTime();

    Outcome outcome = Recordings.make(replay, Recordings.call());

    assertThat(outcome.responses()).hasSize(2);
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(60_500_000);
  }

  @Test
  void aFileThatIsNotARecordingIsRejectedWithItsLine() {
    String request = "{\"call\":1,\"rpc\":\"MODEL_INFER\",\"request\":{}}";
    Map<String, String[]> wrong =
        Map.of(
            "test.jsonl:1: not an event", new String[] {"[]", request},
            "test.jsonl:2: no request of call 2 precedes this event",
                new String[] {request, "{\"call\":2,\"status\":\"OK\"}"},
            "test.jsonl:1: not an event: Cannot find field: modelname",
                new String[] {"{\"call\":1,\"request\":{\"modelname\":\"m\"}}"},
            "test.jsonl:1: unknown rpc 'GUESS'",
                new String[] {"{\"call\":1,\"rpc\":\"GUESS\",\"request\":{}}"},
            "test.jsonl:2: unknown status 'WELL'",
                new String[] {request, "{\"call\":1,\"status\":\"WELL\"}"},
            "test.jsonl:2: expected a response or a status", new String[] {request, "{\"call\":1}"},
            "test.jsonl:3: the call has already ended",
                new String[] {
                  request, "{\"call\":1,\"status\":\"OK\"}", "{\"call\":1,\"status\":\"OK\"}"
                });

    wrong.forEach(
        (message, lines) ->
            assertThatIllegalArgumentException()
                .isThrownBy(() -> Recordings.replay(options -> {}, lines))
                .withMessageStartingWith(message));
  }

  private static InferResponse answer(String text) {
    return InferResponse.of(Tensor.text("token", text));
  }

  private static String prompt(InferCall call) {
    return call.request().inputs().get(0).texts().get(0);
  }

  private static List<Object> askAll(InferenceBackend backend) {
    List<Object> answers = new ArrayList<>();
    for (CompletionStage<?> stage :
        List.of(
            backend.ready(),
            backend.modelReady("m", "1"),
            backend.serverMetadata(),
            backend.modelMetadata("m", ""),
            backend.modelConfig("m", ""),
            backend.repositoryIndex())) {
      try {
        answers.add(stage.toCompletableFuture().join());
      } catch (CompletionException e) {
        answers.add(String.valueOf(e.getCause()));
      }
    }
    return answers;
  }

  /** A server that tells all it can, but for one thing. */
  private static final class Talkative implements InferenceBackend {
    @Override
    public Flow.Publisher<InferResponse> infer(InferCall call) {
      return Publishers.fromIterable(List.of());
    }

    @Override
    public CompletionStage<Optional<Boolean>> ready() {
      return CompletableFuture.completedFuture(Optional.of(true));
    }

    @Override
    public CompletionStage<Optional<Boolean>> modelReady(String modelName, String modelVersion) {
      return CompletableFuture.failedFuture(
          new BackendException(BackendCode.PERMISSION_DENIED, "no"));
    }

    @Override
    public CompletionStage<Optional<ServerMetadata>> serverMetadata() {
      return CompletableFuture.completedFuture(
          Optional.of(new ServerMetadata("triton", "2.50.0", List.of("statistics"))));
    }

    @Override
    public CompletionStage<Optional<ModelMetadata>> modelMetadata(
        String modelName, String modelVersion) {
      return CompletableFuture.completedFuture(
          Optional.of(
              new ModelMetadata(
                  modelName,
                  List.of("1", "2"),
                  "python",
                  List.of(new TensorMetadata("text_input", "BYTES", List.of(-1L, 1L))),
                  List.of(new TensorMetadata("text_output", "BYTES", List.of())))));
    }

    @Override
    public CompletionStage<Optional<ModelConfig>> modelConfig(
        String modelName, String modelVersion) {
      return CompletableFuture.completedFuture(
          Optional.of(
              new ModelConfig(
                  modelName,
                  "",
                  "vllm",
                  4,
                  true,
                  Map.of("tokenizer_dir", "/models/t"),
                  List.of("text_input"))));
    }

    @Override
    public CompletionStage<Optional<List<RepositoryIndexEntry>>> repositoryIndex() {
      return CompletableFuture.completedFuture(
          Optional.of(List.of(new RepositoryIndexEntry("m", "1", "UNAVAILABLE", "out of memory"))));
    }
  }
}
