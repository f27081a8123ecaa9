package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.servers.AnyServeCapability;
import io.github.openaikserve.grpc.servers.AnyServeServer;
import io.github.openaikserve.grpc.servers.Script;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Behavior that only AnyServe has. */
final class AnyServeTest {
  private static final String STORY = String.join("", Script.TOKENS);

  @Test
  void theWorkersPortServesUnaryCallsAndStreams() throws Exception {
    try (var server = AnyServeServer.start();
        var backend = Servers.connect(server.workerTarget())) {
      var openai = OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();

      assertThat(openai.completions().create(r -> r.prompt("Hi")).text()).isEqualTo(STORY);
      assertThat(server.streams()).isEqualTo(1);
    }
  }

  @Test
  void theAddressOfTheDispatcherIsEnoughForUnaryCallsAndStreams() throws Exception {
    try (var server = AnyServeServer.start();
        var backend = GrpcBackend.connect(server.target())) {
      var openai = OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();

      List<String> pieces = new ArrayList<>();
      try (var stream = openai.completions().stream(r -> r.prompt("Hi").maxTokens(3))) {
        stream.forEach(piece -> pieces.add(piece.text()));
      }

      assertThat(pieces).contains("Once", " upon", " a");
      assertThat(server.requests())
          .extracting(ModelInferRequest::getModelName)
          .containsExactly("generate_stream");
    }
  }

  @Test
  void anAnswerWithoutOutputsIsAnErrorBecauseTheDispatcherLosesErrors() throws Exception {
    try (var server = AnyServeServer.start();
        var backend = Servers.connect(server.target())) {
      var openai =
          OpenAiKServe.builder(backend)
              .model("m", m -> m.dialect(Dialects.ANYSERVE).unaryAnswers(true))
              .build();

      assertThatExceptionOfType(DialectException.class)
          .isThrownBy(() -> openai.completions().create(r -> r.prompt(Script.FAIL_FIRST)))
          .withMessage("The model server answered without any output tensor.")
          .satisfies(e -> assertThat(e.status()).isEqualTo(502));
    }
  }

  @Test
  void errorsDoNotShowTracebacks() throws Exception {
    try (var server = AnyServeServer.start();
        var backend = connect(server)) {
      var openai = OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();

      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(() -> openai.completions().create(r -> r.prompt(Script.FAIL_LATER)))
          .withMessage(
              "The model server reported an error: Error in stream handler: llama_decode returned"
                  + " 1")
          .satisfies(e -> assertThat(e.partialText()).isEqualTo("Once upon"));
    }
  }

  @Test
  void aCancelledGenerationRunsToItsEndOnAnyServe() throws Exception {
    try (var server = AnyServeServer.start();
        var backend = connect(server)) {
      var openai = OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();

      try (var stream = openai.completions().stream(r -> r.prompt(Script.HANG))) {
        assertThat(stream.iterator().next().text()).isEqualTo("Once");
      }

      assertThat(server.receivesCancellation()).isTrue();
      assertThat(server.generatesToTheEnd()).isTrue();
    }
  }

  @Test
  void aModelWithoutARegisteredWorkerIsTemporarilyUnavailable() throws Exception {
    try (var server = AnyServeServer.start();
        var backend = GrpcBackend.connect(server.target())) {
      var openai =
          OpenAiKServe.builder(backend)
              .model("m", m -> m.dialect(Dialects.ANYSERVE).modelVersion("gone").unaryAnswers(true))
              .build();

      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(() -> openai.completions().create(r -> r.prompt("Hi")))
          .satisfies(e -> assertThat(e.backendCode()).isEqualTo(BackendCode.UNAVAILABLE))
          .satisfies(e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(1)))
          .withMessage("AnyServe has no worker registered for 'generate:gone' yet.");
    }
  }

  @Test
  void customCapabilitiesOfAWorkerCanBeModels() throws Exception {
    List<AnyServeCapability> own =
        List.of(
            AnyServeCapability.generates("chat", "qwen", "qwen: "),
            AnyServeCapability.streams("chat_stream", "qwen", "qwen: "),
            AnyServeCapability.generates("summarize", "bart", "bart: "),
            AnyServeCapability.embeds());
    try (var server =
            AnyServeServer.start(
                Stream.of(AnyServeCapability.llamaCpp(), own).flatMap(List::stream).toList());
        var backend = connect(server)) {
      var openai =
          OpenAiKServe.builder(backend)
              .model("llamacpp", Dialects.ANYSERVE)
              .model("qwen", Dialects.anyServe("chat", "chat_stream", "qwen").build())
              .model("bart", Dialects.anyServe("summarize", "", "bart").unary().build())
              .model(
                  "embed",
                  m -> m.embeddingDialect(Dialects.anyServeEmbeddings("embed", "").build()))
              .build();

      assertThat(text(openai, "llamacpp")).isEqualTo(STORY);
      assertThat(text(openai, "qwen")).isEqualTo("qwen: " + STORY);
      assertThat(text(openai, "bart")).isEqualTo("bart: " + STORY);
      List<String> pieces = new ArrayList<>();
      try (var stream = openai.completions().stream(r -> r.model("qwen").prompt("Hi"))) {
        stream.forEach(piece -> pieces.add(piece.text()));
      }
      assertThat(pieces).contains("qwen: ", " upon", " time");
      var vectors = openai.embeddings().create(r -> r.model("embed").input("four"));
      assertThat(vectors.data().get(0).vector()).containsExactly(4f, 0.25f, -1f);
      assertThat(server.requests())
          .extracting(ModelInferRequest::getModelName, ModelInferRequest::getModelVersion)
          .containsExactly(
              tuple("generate_stream", "llamacpp"),
              tuple("chat_stream", "qwen"),
              tuple("summarize", "bart"),
              tuple("chat_stream", "qwen"),
              tuple("embed", ""));
    }
  }

  @Test
  void oneDialectServesSeveralModelsOfACapabilityByTheirVersions() throws Exception {
    try (var server =
            AnyServeServer.start(
                List.of(
                    AnyServeCapability.streams("chat_stream", "small", "small: "),
                    AnyServeCapability.streams("chat_stream", "large", "large: ")));
        var backend = connect(server)) {
      var chat = Dialects.anyServe("chat", "chat_stream", "").build();
      var openai =
          OpenAiKServe.builder(backend)
              .model("small", m -> m.dialect(chat).modelVersion("small"))
              .model("large", m -> m.dialect(chat).modelVersion("large"))
              .build();

      assertThat(text(openai, "small")).isEqualTo("small: " + STORY);
      assertThat(text(openai, "large")).isEqualTo("large: " + STORY);
    }
  }

  @Test
  void finishReasonLengthIsFoundByCountingTokens() throws Exception {
    try (var server = AnyServeServer.start();
        var backend = connect(server)) {
      var openai = OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();

      Completion answer = openai.completions().create(r -> r.prompt("Hi").maxTokens(3));

      assertThat(answer.text()).isEqualTo("Once upon a");
      assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
      assertThat(answer.usage()).isEqualTo(new CompletionUsage(1, 3, true));
    }
  }

  private static String text(OpenAiKServe openai, String model) {
    return openai.completions().create(r -> r.model(model).prompt("Hi")).text();
  }

  private static GrpcBackend connect(AnyServeServer server) {
    return GrpcBackend.builder().target(server.target()).streamPortOffset(100).build();
  }
}
