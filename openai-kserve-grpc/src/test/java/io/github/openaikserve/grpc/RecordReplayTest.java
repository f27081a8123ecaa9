package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.proto.InferTensorContents;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.github.openaikserve.grpc.recording.RecordingBackend;
import io.github.openaikserve.grpc.recording.Redaction;
import io.github.openaikserve.grpc.recording.ReplayBackend;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A conversation with a real gRPC server, recorded, and replayed without it. */
final class RecordReplayTest {
  private static final List<ApiRequest> REQUESTS =
      List.of(
          chat("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":true}"),
          chat("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stop\":\"b\"}"),
          chat("{\"messages\":[{\"role\":\"user\",\"content\":\"fail\"}]}"),
          chat("{\"messages\":[{\"role\":\"user\",\"content\":\"break\"}],\"stream\":true}"),
          request("/v1/embeddings", "{\"model\":\"vectors\",\"input\":[\"one\",\"two\"]}"));

  @TempDir private Path directory;

  @Test
  void theAnswersAreTheSameWithoutTheServer() throws Exception {
    Path file = directory.resolve("recording.jsonl");
    List<String> recorded = record(file, Redaction.none());

    var replay = ReplayBackend.from(file);

    assertThat(answers(replay)).isEqualTo(recorded);
    assertThat(replay.mismatches()).isEmpty();
    assertThat(replay.remaining()).isZero();
    assertThat(recorded.get(0)).startsWith("200 data: ").contains("\"content\":\"a\"", "[DONE]");
    assertThat(recorded.get(1)).startsWith("200 {").contains("\"content\":\"a");
    assertThat(recorded.get(2)).startsWith("429 ");
    assertThat(recorded.get(3)).startsWith("200 ").contains("\"error\"");
    assertThat(recorded.get(4)).startsWith("200 ").contains("[0.5,-1.25]");
  }

  @Test
  void theyAreTheSameWhenThePromptsWereRedacted() throws Exception {
    Path file = directory.resolve("recording.jsonl");
    List<String> recorded = record(file, Redaction.prompts());

    assertThat(Files.readString(file)).doesNotContain("Hi", "fail");
    assertThat(answers(ReplayBackend.from(file))).isEqualTo(recorded);
  }

  private static List<String> record(Path file, Redaction redaction) throws Exception {
    Server server =
        Servers.start(new ScriptedService(RecordReplayTest::embed, RecordReplayTest::generate));
    try (var backend = Servers.connect(Servers.target(server));
        var recording = RecordingBackend.to(backend, file, redaction)) {
      return answers(recording);
    } finally {
      server.shutdownNow();
    }
  }

  private static List<String> answers(InferenceBackend backend) throws Exception {
    OpenAiKServe openai =
        OpenAiKServe.builder(backend)
            .model("llm", Dialects.ANYSERVE)
            .model("vectors", m -> m.embeddingDialect(Dialects.EMBEDDINGS))
            .ids(() -> "id")
            .clock(() -> Instant.EPOCH)
            .build();
    List<String> answers = new ArrayList<>();
    for (ApiRequest request : REQUESTS) {
      ApiResponse response =
          openai.httpHandler().handle(request).toCompletableFuture().get(20, TimeUnit.SECONDS);
      var body = new ByteArrayOutputStream();
      response.body().writeTo(body);
      answers.add(response.status() + " " + body.toString(StandardCharsets.UTF_8));
    }
    return answers;
  }

  private static void generate(
      ModelInferRequest request, StreamObserver<ModelStreamInferResponse> responses) {
    String prompt = request.getInputs(0).getContents().getBytesContents(0).toStringUtf8();
    if (prompt.contains("fail")) {
      responses.onError(Status.RESOURCE_EXHAUSTED.withDescription("queue").asRuntimeException());
      return;
    }
    responses.onNext(Servers.chunk(" a"));
    if (prompt.contains("break")) {
      responses.onError(Status.INTERNAL.withDescription("broken").asRuntimeException());
      return;
    }
    responses.onNext(Servers.chunk(" b"));
    responses.onNext(Servers.chunk(" c"));
    responses.onCompleted();
  }

  /** As many vectors as there are texts, in raw form. */
  private static void embed(
      ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
    long count = request.getInputs(0).getShape(0);
    ByteString raw = ByteString.EMPTY;
    for (long i = 0; i < count; i++) {
      byte[] vector = {0, 0, 0, 0x3f, 0, 0, (byte) 0xa0, (byte) 0xbf};
      raw = raw.concat(ByteString.copyFrom(vector));
    }
    responses.onNext(
        ModelInferResponse.newBuilder()
            .addOutputs(
                ModelInferResponse.InferOutputTensor.newBuilder()
                    .setName("embedding_output")
                    .setDatatype("FP32")
                    .addShape(count)
                    .addShape(2)
                    .setContents(InferTensorContents.getDefaultInstance()))
            .addRawOutputContents(raw)
            .build());
    responses.onCompleted();
  }

  private static ApiRequest chat(String body) {
    return request("/v1/chat/completions", body.replaceFirst("\\{", "{\"model\":\"llm\","));
  }

  private static ApiRequest request(String path, String body) {
    return new ApiRequest("POST", path, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }
}
