package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.dialect.DetectedModel;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.grpc.servers.AnyServeServer;
import io.github.openaikserve.grpc.servers.DynamoServer;
import io.github.openaikserve.grpc.servers.HuggingFaceRuntime;
import io.github.openaikserve.grpc.servers.KServePythonServer;
import io.github.openaikserve.grpc.servers.MlServer;
import io.github.openaikserve.grpc.servers.OpenVinoServer;
import io.github.openaikserve.grpc.servers.StreamingRuntime;
import io.github.openaikserve.grpc.servers.TorchServeServer;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Detection of the dialects of servers other than Triton, and its error messages. */
final class RecognitionTest {
  private static final long PATIENCE = 20;

  @Test
  void anyServeIsRecognizedAtBothPorts() throws Exception {
    try (var server = AnyServeServer.start()) {
      for (String target : List.of(server.target(), server.workerTarget())) {
        DetectedModel found = detect(target, "llamacpp");

        assertThat(found.dialect()).contains(Dialects.ANYSERVE);
        assertThat(found.explanation()).contains("AnyServe does not report tensors");
      }
    }
  }

  @Test
  void dynamoIsRecognizedByTheModelsPlatform() throws Exception {
    try (var server = DynamoServer.start("llama")) {
      Dialect dialect = detect(server.target(), "llama").requireDialect();

      assertThat(dialect.name()).isEqualTo("dynamo");
      assertThat(dialect.carries(RequestField.STREAM)).isTrue();
      assertThat(dialect.carries(RequestField.MAX_TOKENS)).isFalse();
      assertThat(detect(server.target(), "nope").explanation())
          .contains("the server reports nothing about a model of that name");
    }
  }

  @Test
  void theHuggingFaceRuntimeIsRecognizedAndKeepsItsUndeclaredArguments() throws Exception {
    try (var server = MlServer.start(Map.of("gpt2", new HuggingFaceRuntime()));
        var backend = Servers.connect(server.target())) {
      Dialect dialect = Dialects.detect(backend, "gpt2").get().requireDialect();

      assertThat(dialect.name()).isEqualTo("mlserver-huggingface");
      for (RequestField field :
          List.of(RequestField.MAX_TOKENS, RequestField.TEMPERATURE, RequestField.TOP_P)) {
        assertThat(dialect.carries(field)).as("%s", field).isTrue();
      }
      assertThat(backend.repositoryIndex().toCompletableFuture().get(PATIENCE, TimeUnit.SECONDS))
          .contains(List.of(new RepositoryIndexEntry("gpt2", "", "State.READY", "")));
    }
  }

  @Test
  void aModelWithoutDeclaredTensorsIsNotRecognized() throws Exception {
    try (var server = MlServer.start(Map.of("own", new StreamingRuntime()))) {
      assertThat(unknown(server.target(), "own"))
          .contains("the server declares no tensors for it")
          .contains("server mlserver");
    }
    try (var server = TorchServeServer.start("own");
        var backend =
            GrpcBackend.builder()
                .target(server.target())
                .service(TorchServeServer.SERVICE)
                .build()) {
      assertThat(Dialects.detect(backend, "own").get().explanation())
          .contains("the server declares no tensors for it");
    }
  }

  @Test
  void aGraphOfOpenVinoDeclaresItsStreamsWithoutTheirTypes() throws Exception {
    try (var server = OpenVinoServer.start()) {
      assertThat(unknown(server.target(), OpenVinoServer.GRAPH))
          .contains("without types")
          .contains("OpenVINO Model Server");
    }
  }

  @Test
  void anOpenVinoModelFromTextToNumbersIsAnEmbeddingModel() throws Exception {
    try (var server = OpenVinoServer.start()) {
      DetectedModel found = detect(server.target(), OpenVinoServer.ENCODER);

      assertThat(found.dialect()).isEmpty();
      assertThat(found.others()).containsKey(RequestKind.EMBEDDING);
      assertThat(found.explanation()).contains("text in 'inputs', vectors in 'outputs'");
    }
  }

  @Test
  void aGenerativeModelOfKServesOwnServerIsReportedAsUnsupportedOverGrpc() throws Exception {
    try (var server = KServePythonServer.start()) {
      for (String model : List.of(KServePythonServer.GENERATIVE, KServePythonServer.ENCODER)) {
        assertThat(unknown(server.target(), model))
            .contains("only have the HTTP API under /openai/v1")
            .contains("Dialects.embeddings");
      }
    }
  }

  @Test
  void aModelOfKServesOwnServerWithDeclaredTensorsIsRecognized() throws Exception {
    try (var server = KServePythonServer.start()) {
      DetectedModel generates = detect(server.target(), KServePythonServer.OWN);
      DetectedModel embeds = detect(server.target(), KServePythonServer.EMBEDDER);

      assertThat(generates.requireDialect().name()).isEqualTo("generic");
      assertThat(generates.requireDialect().carries(RequestField.MAX_TOKENS)).isTrue();
      assertThat(embeds.others()).containsKey(RequestKind.EMBEDDING);
      assertThat(embeds.explanation()).contains("text in 'text', vectors in 'output-0'");
    }
  }

  @Test
  void anUnknownModelOfKServesOwnServerIsReportedAsUnknown() throws Exception {
    try (var server = KServePythonServer.start()) {
      assertThat(unknown(server.target(), "nope"))
          .contains("it does not exist there")
          .doesNotContain("/openai/v1", "declares");
    }
  }

  @Test
  void aModelWithoutMetadataOnDynamoIsReportedAsPossiblyHttpOnly() throws Exception {
    try (var server = DynamoServer.start("llama")) {
      assertThat(unknown(server.target(), "chat-only"))
          .contains("it does not exist there")
          .contains("chat or embedding model of NVIDIA Dynamo, which has only an HTTP API");
    }
  }

  private static DetectedModel detect(String target, String model) throws Exception {
    try (var backend = Servers.connect(target)) {
      return Dialects.detect(backend, model).get(PATIENCE, TimeUnit.SECONDS);
    }
  }

  private static String unknown(String target, String model) throws Exception {
    DetectedModel found = detect(target, model);
    assertThat(found.isServable()).isFalse();
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(found::requireDialect)
        .withMessage(found.explanation());
    return found.explanation();
  }
}
