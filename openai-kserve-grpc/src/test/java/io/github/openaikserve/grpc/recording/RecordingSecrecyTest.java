package io.github.openaikserve.grpc.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What does not get into a recording, and how its calls are replayed nevertheless. */
final class RecordingSecrecyTest {
  private static final Redaction EVERYTHING = (place, name, text) -> "(withheld)";

  @TempDir private Path directory;

  private static InferCall call() {
    var request =
        new InferRequest(
            "model",
            "",
            "user-42@example.org",
            Map.of("prompt", InferParameter.of("s3cret parameter")),
            List.of(
                Tensor.text("text_input", "s3cret text")
                    .withParameters(Map.of("content_type", InferParameter.of("s3cret type"))),
                Tensor.ints("input_ids", 731001, 731002, 731003),
                Tensor.of("ids", Datatype.INT64, new long[] {1}, new long[] {731004}),
                Tensor.ints("max_tokens", 8)));
    return InferCall.of(Rpc.MODEL_STREAM_INFER, request)
        .withMetadata(
            Map.of(
                "x-goog-iap-jwt-assertion", "s3cret",
                "x-session-id", "s3cret",
                "x-forwarded-for", "s3cret",
                "x-request-id", "r1"));
  }

  private String record(Path file, Redaction redaction) throws IOException {
    try (var recording = RecordingBackend.to(new Configured(), file, redaction)) {
      Recordings.make(recording, call());
      recording.modelConfig("model", "").toCompletableFuture().join();
    }
    return Files.readString(file);
  }

  @Test
  void nothingOfWhatIsRedactedIsInTheFileAndTheCallIsStillFound() throws IOException {
    Path file = directory.resolve("all.jsonl");

    assertThat(record(file, EVERYTHING))
        .doesNotContain("s3cret", "user-42", "73100", "hf_SECRET123")
        .contains("max_tokens", "[8]", "(withheld)");
    var replay = ReplayBackend.from(file);
    Recordings.make(replay, call());
    assertThat(replay.mismatches()).isEmpty();
    assertThat(replay.remaining()).isZero();
  }

  @Test
  void promptsAreRedactedAsTextsAsTokenIdsAndAsParameters() throws IOException {
    Path file = directory.resolve("prompts.jsonl");

    assertThat(record(file, Redaction.prompts())).doesNotContain("s3cret", "73100").contains("[8]");
  }

  @Test
  void onlyHeadersThatAreKnownToBeHarmlessAreWritten() throws IOException {
    assertThat(record(directory.resolve("headers.jsonl"), Redaction.none()))
        .contains("\"metadata\":{\"x-request-id\":\"r1\"}");
  }

  @Test
  void theFileIsItsOwnersAloneAlsoIfItWasThere() throws IOException {
    assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Path file = directory.resolve("mode.jsonl");
    Files.createFile(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    record(file, Redaction.none());
    Path other = directory.resolve("new.jsonl");
    record(other, Redaction.none());

    for (Path each : List.of(file, other)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
          .isEqualTo("rw-------");
    }
  }

  /** A server that tells its configuration. */
  private static final class Configured implements InferenceBackend {
    private final FakeBackend backend = FakeBackend.tokens("a");

    @Override
    public Flow.Publisher<InferResponse> infer(InferCall call) {
      return backend.infer(call);
    }

    @Override
    public CompletionStage<Optional<ModelConfig>> modelConfig(String name, String version) {
      return CompletableFuture.completedFuture(
          Optional.of(
              new ModelConfig(
                  "model", "", "", 0, true, Map.of("hf_token", "hf_SECRET123"), List.of())));
    }

    @Override
    public void close() {}
  }
}
