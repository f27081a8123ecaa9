package io.github.openaikserve.grpc.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.recording.Recordings.Outcome;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which recorded call answers, and what is said when none does. */
final class ReplayMatchingTest {
  private static final String SECRET = "the prompt nobody may see";

  @TempDir private Path directory;
  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = directory.resolve("recording.jsonl");
  }

  @Test
  void equalCallsAreAnsweredInTheOrderInWhichTheyWereRecorded() {
    record(Redaction.none(), call("a"), call("b"), call("a"));

    var replay = ReplayBackend.from(file);

    assertThat(answer(replay, call("a"))).isEqualTo("0");
    assertThat(answer(replay, call("a"))).isEqualTo("2");
    assertThat(answer(replay, call("b"))).isEqualTo("1");
    assertThat(mismatch(replay, call("b")))
        .isEqualTo("The call was recorded 1 times (recording.jsonl:4), but was made once more.");
  }

  @Test
  void aRepeatingReplayAnswersAgainAsItDidLast() {
    record(Redaction.none(), call("a"), call("a"));

    var replay = ReplayBackend.from(file, ReplayOptions::repeating);

    assertThat(answer(replay, call("a"))).isEqualTo("0");
    assertThat(answer(replay, call("a"))).isEqualTo("1");
    assertThat(answer(replay, call("a"))).isEqualTo("1");
    assertThat(replay.mismatches()).isEmpty();
  }

  @Test
  void aCallThatMatchesNoneSaysHowItDiffersFromTheNearestWithoutQuoting() {
    record(
        Redaction.none(),
        Recordings.call(Tensor.text("text_input", "x")),
        Recordings.call(
            Tensor.text("prompt", SECRET), Tensor.ints("max_tokens", 8), Tensor.ints("top_k", 1)));
    InferCall made =
        Recordings.call(
            Tensor.text("prompt", SECRET + "!"),
            Tensor.ints("max_tokens", 16),
            Tensor.floats("top_p", 1));

    var replay = ReplayBackend.from(file);

    assertThat(mismatch(replay, made))
        .isEqualTo(
            "The recording has no such call. The most similar call is at recording.jsonl:4: "
                + "input 'prompt' is [of 26 characters], recorded [of 25 characters]; "
                + "input 'max_tokens' is [16], recorded [8]; "
                + "input 'top_k' is absent, though recorded; "
                + "input 'top_p' is not recorded.");
    assertThat(replay.mismatches()).hasSize(1).first().asString().doesNotContain(SECRET);
    assertThat(replay.remaining()).isEqualTo(2);
  }

  @Test
  void textsAreQuotedWhenAsked() {
    record(Redaction.none(), call("a"));

    assertThat(mismatch(ReplayBackend.from(file, ReplayOptions::quotingTexts), call("b")))
        .endsWith("input 'prompt' is [\"b\"], recorded [\"a\"].");
  }

  @Test
  void parametersDatatypesShapesOrderAndModelsCount() {
    var request =
        new InferRequest(
            "model",
            "1",
            "id",
            Map.of("sequence_id", InferParameter.of(7), "lora", InferParameter.of(SECRET)),
            List.of(Tensor.ints("a", 1), Tensor.ints("b", 2)));
    record(Redaction.none(), InferCall.of(Rpc.MODEL_INFER, request));
    var made =
        new InferRequest(
            "model",
            "2",
            "other",
            Map.of("sequence_id", InferParameter.of(8), "lora", InferParameter.of("l")),
            List.of(Tensor.floats("b", 2), Tensor.ints("a", 1).withShape(1, 1)));

    String said = mismatch(ReplayBackend.from(file), InferCall.of(Rpc.MODEL_STREAM_INFER, made));

    assertThat(said)
        .contains(
            "rpc is 'MODEL_STREAM_INFER', recorded 'MODEL_INFER'",
            "model_version is '2', recorded '1'",
            "parameter 'sequence_id' is Int64[value=8], recorded Int64[value=7]",
            "parameter 'lora' is of 1 characters, recorded of 25 characters",
            "input is a: INT32 [1, 1], recorded a: INT32 [1]",
            "input is b: FP32 [1], recorded b: INT32 [1]")
        .doesNotContain(SECRET, "id is another");
  }

  @Test
  void theOrderOfInputsCounts() {
    record(Redaction.none(), Recordings.call(Tensor.ints("a", 1), Tensor.ints("b", 2)));

    assertThat(
            mismatch(
                ReplayBackend.from(file),
                Recordings.call(Tensor.ints("b", 2), Tensor.ints("a", 1))))
        .contains("the inputs are [b, a], recorded [a, b]");
  }

  @Test
  void byModelAloneAnyRequestIsAnsweredInOrder() {
    record(Redaction.none(), call("a"), call("b"));

    var replay = ReplayBackend.from(file, ReplayOptions::anyContent);

    assertThat(answer(replay, call("z"))).isEqualTo("0");
    assertThat(answer(replay, Recordings.call())).isEqualTo("1");
  }

  @Test
  void ignoredInputsMayDifferOrBeAbsent() {
    record(Redaction.none(), Recordings.call(Tensor.text("prompt", "a"), Tensor.ints("seed", 1)));

    assertThat(
            answer(
                ReplayBackend.from(file, o -> o.ignoring("seed")),
                Recordings.call(Tensor.ints("seed", 2), Tensor.text("prompt", "a"))))
        .isEqualTo("0");
    assertThat(answer(ReplayBackend.from(file, o -> o.ignoring("seed")), call("a"))).isEqualTo("0");
  }

  @Test
  void redactedPromptsAreNotInTheFileAndMatchAnything() throws IOException {
    InferCall call =
        Recordings.call(
            Tensor.text("prompt", SECRET, "Grüße"), Tensor.text("model", "m"), Tensor.ints("k", 1));
    record(
        Redaction.prompts().then((place, name, text) -> name.equals("model") ? "m" : text), call);

    assertThat(Files.readString(file))
        .doesNotContain(SECRET)
        .contains("\"redacted\":[\"input prompt\"]");
    InferCall other =
        Recordings.call(
            Tensor.text("prompt", "anything", "else"),
            Tensor.text("model", "m"),
            Tensor.ints("k", 1));
    assertThat(answer(ReplayBackend.from(file), other)).isEqualTo("0");
    assertThat(
            mismatch(
                ReplayBackend.from(file),
                Recordings.call(
                    Tensor.text("prompt", "a", "b"),
                    Tensor.text("model", "m"),
                    Tensor.ints("k", 2))))
        .contains("input 'k' is [2], recorded [1]");
  }

  @Test
  void everyPlaceCanBeRedacted() throws IOException {
    var request =
        new InferRequest("model", "", "", Map.of("lora", InferParameter.of(SECRET)), List.of());
    InferCall call =
        InferCall.of(Rpc.MODEL_INFER, request).withMetadata(Map.of("traceparent", SECRET));
    var failing =
        FakeBackend.answering(
            c ->
                ScriptedResponse.of(List.of(InferResponse.of(Tensor.text("text", SECRET))))
                    .thenFails(new BackendException(BackendCode.INTERNAL, SECRET)));
    try (var recording =
        RecordingBackend.to(failing, file, (place, name, text) -> place + ":" + name)) {
      Recordings.make(recording, call);
    }

    assertThat(Files.readString(file))
        .doesNotContain(SECRET)
        .contains("PARAMETER:lora", "METADATA:traceparent", "MESSAGE:");
    Outcome replayed = Recordings.make(ReplayBackend.from(file), call);
    assertThat(replayed.responses().get(0).outputs().get(0).texts()).containsExactly("OUTPUT:text");
    assertThat(replayed.failure()).hasMessage("MESSAGE:");
  }

  private void record(Redaction redaction, InferCall... calls) {
    var count = new AtomicInteger();
    var numbering =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(
                    List.of(InferResponse.of(Tensor.text("token", "" + count.getAndIncrement())))));
    try (var recording = RecordingBackend.to(numbering, file, redaction)) {
      for (InferCall call : calls) {
        Recordings.make(recording, call);
      }
    }
  }

  private static InferCall call(String prompt) {
    return Recordings.call(Tensor.text("prompt", prompt));
  }

  private static String answer(ReplayBackend replay, InferCall call) {
    Outcome outcome = Recordings.make(replay, call);
    assertThat(outcome.failure()).isNull();
    return outcome.responses().get(0).outputs().get(0).texts().get(0);
  }

  private static String mismatch(ReplayBackend replay, InferCall call) {
    Throwable failure = Recordings.make(replay, call).failure();
    assertThat(failure)
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.backendCode()).isEqualTo(BackendCode.FAILED_PRECONDITION));
    return String.valueOf(failure == null ? null : failure.getMessage());
  }
}
