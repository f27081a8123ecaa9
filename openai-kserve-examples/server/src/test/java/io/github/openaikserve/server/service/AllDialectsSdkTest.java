package io.github.openaikserve.server.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.grpc.servers.AnyServeServer;
import io.github.openaikserve.grpc.servers.DynamoServer;
import io.github.openaikserve.grpc.servers.HuggingFaceRuntime;
import io.github.openaikserve.grpc.servers.MlServer;
import io.github.openaikserve.grpc.servers.PlainModel;
import io.github.openaikserve.grpc.servers.Script;
import io.github.openaikserve.grpc.servers.TensorRtLlmApiModel;
import io.github.openaikserve.grpc.servers.TensorRtLlmModel;
import io.github.openaikserve.grpc.servers.TritonServer;
import io.github.openaikserve.grpc.servers.VllmModel;
import io.github.openaikserve.server.config.Configuration;
import io.github.openaikserve.server.config.ServerConfig;
import io.github.openaikserve.server.http.ReferenceServer;
import io.github.openaikserve.server.http.ServerOptions;
import io.github.openaikserve.server.options.Inputs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * OpenAI's own SDK against the reference server, configured by the example for all dialects at
 * once, over model servers that behave as the real ones do.
 */
final class AllDialectsSdkTest {
  private static final String TEXT = String.join("", Script.TOKENS);
  private static final Resources resources = new Resources();
  private static OpenAIClient client;
  private static OpenAiKServe openai;

  @BeforeAll
  static void start() throws Exception {
    Map<String, String> environment = new HashMap<>();
    TritonServer triton =
        resources.add(
            TritonServer.start(
                VllmModel.newest("vllm"),
                VllmModel.embedding("vllm-embed"),
                TensorRtLlmModel.ensemble(true),
                TensorRtLlmModel.bls(true),
                new TensorRtLlmApiModel(true),
                PlainModel.python(),
                PlainModel.acme(),
                PlainModel.sentences(),
                PlainModel.pictures()));
    environment.put("TRITON", triton.target());
    environment.put("ANYSERVE", resources.add(AnyServeServer.start()).target());
    environment.put("DYNAMO", resources.add(DynamoServer.start("llama")).target());
    environment.put(
        "MLSERVER",
        resources.add(MlServer.start(Map.of("gpt2", new HuggingFaceRuntime()))).target());
    ServerConfig config =
        Configuration.read(
                new Inputs(Map.of("--config", List.of("src/main/config/all.yaml")), environment))
            .values();
    openai =
        ServerFactory.open(
            config,
            resources,
            new Backends(),
            new Watchers(resources.add(new Metrics()), Optional.empty()));
    ReferenceServer server =
        resources.add(ReferenceServer.start(openai.httpHandler(), ServerOptions.defaults()));
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl("http://127.0.0.1:" + server.port() + "/v1")
            .apiKey("any")
            .maxRetries(0)
            .build();
  }

  @AfterAll
  static void end() {
    client.close();
    resources.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vllm",
        "gpt-4o-mini",
        "trt",
        "trt-bls",
        "trt-api",
        "llamacpp",
        "dynamo",
        "gpt2",
        "llama-cpp",
        "acme"
      })
  void everyModelCompletesChatsStreamsAndFails(String model) {
    var completion =
        client
            .completions()
            .create(
                CompletionCreateParams.builder().model(model).prompt("Hi").maxTokens(32).build());
    var chat = client.chat().completions().create(chat(model, "Hi"));

    assertThat(completion.choices().get(0).text()).isEqualTo(TEXT);
    assertThat(completion.choices().get(0).finishReason().toString()).isEqualTo("stop");
    assertThat(completion.usage().orElseThrow().completionTokens()).isPositive();
    assertThat(chat.choices().get(0).message().content()).contains(TEXT);
    assertThat(chat.model()).isEqualTo(model);
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(chat(model, "Hi"))) {
      String text =
          stream.stream()
              .flatMap(chunk -> chunk.choices().stream())
              .flatMap(choice -> choice.delta().content().stream())
              .collect(Collectors.joining());
      assertThat(text).isEqualTo(TEXT);
    }
    assertThatThrownBy(() -> client.chat().completions().create(chat(model, Script.FAIL_FIRST)))
        .isInstanceOf(OpenAIServiceException.class)
        .hasMessageNotContaining("left alone");
  }

  @ParameterizedTest
  @ValueSource(strings = {"vllm-embed", "encoder"})
  void embeddingModelsReturnVectors(String model) {
    var answer =
        client
            .embeddings()
            .create(
                EmbeddingCreateParams.builder()
                    .model(model)
                    .inputOfArrayOfStrings(List.of("Once", "upon"))
                    .build());

    assertThat(answer.data()).hasSize(2);
    assertThat(answer.data().get(1).embedding()).isNotEmpty();
    assertThatThrownBy(() -> client.chat().completions().create(chat(model, "Hi")))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("does not generate text");
  }

  @Test
  void everyModelIsListed() {
    assertThat(client.models().list().data())
        .extracting(Model::id)
        .contains("vllm", "gpt-4o-mini", "trt", "trt-bls", "trt-api", "llamacpp", "dynamo", "gpt2")
        .contains("llama-cpp", "encoder", "acme", "vllm-embed");
  }

  @Test
  void anUnknownModelIsNotFound() {
    assertThatThrownBy(() -> client.chat().completions().create(chat("nobody", "Hi")))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void theCheckAcceptsTheMetadataOfAllServers() {
    List<ModelCheck> checks = openai.check();

    assertThat(checks).hasSize(11).allMatch(ModelCheck::isGood);
    assertThat(checks)
        .filteredOn(check -> check.outcome() == ModelCheck.Outcome.UNDECLARED)
        .extracting(ModelCheck::model)
        .containsExactly("llamacpp");
  }

  private static ChatCompletionCreateParams chat(String model, String text) {
    return ChatCompletionCreateParams.builder()
        .model(model)
        .addUserMessage(text)
        .maxCompletionTokens(32)
        .build();
  }
}
