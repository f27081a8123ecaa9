package io.github.openaikserve.internal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.openaikserve.CallDiary;
import io.github.openaikserve.ModelBuilder;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.kserve.TensorMetadata;
import io.github.openaikserve.micrometer.MicrometerListener;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.testing.FakeBackend;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** LoRA adapters that are models of their own. */
final class AdaptersTest {
  private final FakeBackend server =
      FakeBackend.responses(InferResponse.of(Tensor.text("text_output", "SELECT 1")));

  @Test
  void anAdapterIsSentByItsNameWithTheModelThatItBelongsTo() {
    var openai = serving(m -> m.modelName("llama-8b").adapter("sql", "sql-v2"));

    var answer = openai.completions().create(r -> r.model("sql").prompt("Hi"));

    assertThat(answer.model()).isEqualTo("sql");
    assertThat(server.onlyRequest().modelName()).isEqualTo("llama-8b");
    assertThat(parameters()).contains("\"lora_name\":\"sql-v2\"");
  }

  @Test
  void theModelItselfIsCalledWithoutAnAdapter() {
    var openai = serving(m -> m.adapter("sql", "sql-v2").adapterSeparator(":").alias("llama:8b"));

    openai.completions().create(r -> r.model("llama:8b").prompt("Hi"));

    assertThat(parameters()).doesNotContain("lora_name");
  }

  @Test
  void anyAdapterIsServedByTheSeparatorInItsName() {
    var openai = serving(m -> m.adapterSeparator(":"));

    openai.chatCompletions().create(r -> r.model("llama:team/poems:v1").user("Hi"));

    assertThat(parameters()).contains("\"lora_name\":\"team/poems:v1\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama:", "other:sql", "llama/sql", "llama:s\nql", "llama:%257d"})
  void anUnknownSuffixIsNotAnAdapter(String form) {
    String name = form.formatted(0);
    var openai = serving(m -> m.adapterSeparator(":"));

    assertThatThrownBy(() -> openai.completions().create(r -> r.model(name).prompt("Hi")))
        .isInstanceOfSatisfying(
            InvalidRequestException.class, e -> assertThat(e.status()).isEqualTo(404));
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void onlyConfiguredAdaptersLabelMetricsAndLogs() {
    var diary = new CallDiary();
    var registry = new SimpleMeterRegistry();
    var openai =
        OpenAiKServe.builder(server)
            .model(
                "llama",
                m -> m.dialect(Dialects.TRITON_VLLM).adapter("sql", "v2").adapterSeparator(":"))
            .listener(diary)
            .listener(new MicrometerListener(registry))
            .build();

    for (String name : List.of("sql", "llama:a", "llama:b")) {
      assertThat(openai.completions().create(r -> r.model(name).prompt("Hi")).model())
          .isEqualTo(name);
    }

    assertThat(diary.received())
        .filteredOn(line -> line.startsWith("start"))
        .containsExactly(
            "start sql/sql COMPLETION false",
            "start llama/llama:a COMPLETION false",
            "start llama/llama:b COMPLETION false");
    assertThat(registry.getMeters())
        .extracting(meter -> meter.getId().getTag("gen_ai.request.model"))
        .containsOnly("sql", "llama");
  }

  @Test
  void anAdapterIsListedWithItsParent() {
    var openai = serving(m -> m.adapter("sql", "sql-v2").ownedBy("acme"));

    List<Model> models = openai.models().list().data();

    assertThat(models).extracting(Model::id).containsExactly("llama", "sql");
    assertThat(models).extracting(Model::parent).containsExactly(null, "llama");
    assertThat(openai.models().retrieve("sql").parent()).isEqualTo("llama");
    assertThat(openai.models().retrieve("sql").ownedBy()).isEqualTo("acme");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sql", "llama:sql"})
  void anAdapterOfAServerThatTakesNoneIsAModelThatDoesNotExist(String name) {
    var openai = serving(Dialects.ANYSERVE, m -> m.adapter("sql", "sql-v2").adapterSeparator(":"));

    assertThatThrownBy(() -> openai.completions().create(r -> r.model(name).prompt("Hi")))
        .isInstanceOfSatisfying(
            InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo("model_not_found"));
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void anAdapterServesNoEmbeddingsBecauseNoInputNamesItThere() {
    var openai = serving(m -> m.adapter("sql", "sql-v2").embeddingDialect(Dialects.EMBEDDINGS));

    assertThatThrownBy(() -> openai.embeddings().create(r -> r.model("sql").input("Hi")))
        .hasMessage("The model 'sql' does not support the embeddings API.");
  }

  @Test
  void aDiscoveredModelHasAdaptersToo() {
    var openai =
        OpenAiKServe.builder(new DescribedServer().has("llama", VLLM, VLLM_TEXT))
            .discover(m -> m.adapter(m.id() + "-sql", "sql").adapterSeparator("+"))
            .build();

    assertThat(openai.models().list().data())
        .extracting(Model::id)
        .containsExactly("llama", "llama-sql");
    assertThat(openai.models().retrieve("llama+poems").parent()).isEqualTo("llama");
  }

  @Test
  void anAdapterWithTheNameOfAModelIsRejected() {
    assertThatThrownBy(() -> serving(m -> m.adapter("llama", "sql")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the name 'llama' is used by two models, 'llama' and 'llama'; names must be unique");
  }

  @Test
  void aRouteToAnAdapterIsRejected() {
    var builder =
        OpenAiKServe.builder(server)
            .model("llama", m -> m.dialect(Dialects.TRITON_VLLM).adapter("sql", "sql-v2"))
            .route("both", r -> r.to("sql", 1));

    assertThatThrownBy(builder::build)
        .hasMessage("'sql' is an adapter of 'llama'; a route accepts only models");
  }

  private static final List<TensorMetadata> VLLM =
      List.of(
          DescribedServer.text("text_input"),
          new TensorMetadata("stream", "BOOL", List.of(1L)),
          DescribedServer.text("sampling_parameters"),
          new TensorMetadata("exclude_input_in_output", "BOOL", List.of(1L)));
  private static final List<TensorMetadata> VLLM_TEXT =
      List.of(DescribedServer.text("text_output"));

  private OpenAiKServe serving(Consumer<ModelBuilder> model) {
    return serving(Dialects.TRITON_VLLM, model);
  }

  private OpenAiKServe serving(Dialect dialect, Consumer<ModelBuilder> model) {
    return OpenAiKServe.builder(server)
        .model("llama", m -> model.accept(m.dialect(dialect)))
        .build();
  }

  private String parameters() {
    return server.onlyRequest().input("sampling_parameters").orElseThrow().texts().get(0);
  }
}
