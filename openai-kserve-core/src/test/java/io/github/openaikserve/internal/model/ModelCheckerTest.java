package io.github.openaikserve.internal.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.dialect.ModelCheck.Outcome;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The check of models against what their servers declare. */
final class ModelCheckerTest {
  private final ManualScheduler time = new ManualScheduler();
  private final DescribedServer server = new DescribedServer();

  @Test
  void aCheckNamesTheTensorThatDiffersFromTheDeclaredOne() {
    server.hasText("m").hasVectors("v");
    OpenAiKServe openai =
        builder(server)
            .model("m", m -> m.dialect(Dialects.generic("promt", "text").build()))
            .model(
                "fine", m -> m.modelName("m").dialect(Dialects.generic("prompt", "text").build()))
            .model("v", m -> m.embeddingDialect(Dialects.embeddings("sentences", "vectors")))
            .model("gone", m -> m.dialect(Dialects.generic("prompt", "text").build()))
            .model("silent", m -> m.backend(FakeBackend.tokens("x")).dialect(Dialects.ANYSERVE))
            .build();

    List<ModelCheck> checks = openai.check();

    assertThat(checks)
        .extracting(ModelCheck::outcome)
        .containsExactly(
            Outcome.MISMATCH, Outcome.FITS, Outcome.MISMATCH, Outcome.MISSING, Outcome.UNDECLARED);
    assertThat(checks.get(0).findings()).singleElement().asString().contains("'promt'", "[prompt]");
    assertThat(checks.get(2).findings())
        .hasSize(2)
        .anyMatch(said -> said.contains("'sentences'"))
        .anyMatch(said -> said.contains("[vectors]"));
    assertThat(checks.get(3).findings()).containsExactly("the server has no model 'gone'");
    assertThat(checks.get(1).isGood()).isTrue();
    assertThat(checks.get(4).isGood()).isTrue();
  }

  @Test
  void aCheckReportsAServerThatNeverAnswers() {
    OpenAiKServe openai =
        builder(server.hasText("m").silent(true)).model("m", Dialects.ANYSERVE).build();

    CompletableFuture<List<ModelCheck>> checks = openai.checkAsync();
    assertThat(checks).isNotDone();
    time.advance(Duration.ofSeconds(10));

    assertThat(checks)
        .isCompletedWithValue(
            List.of(
                new ModelCheck(
                    "m", Outcome.UNREACHABLE, List.of("The server did not answer within 10 s."))));
  }

  @Test
  void aCheckReportsABackendThatThrows() {
    OpenAiKServe openai = builder(server.throwing()).model("m", Dialects.ANYSERVE).build();

    assertThat(openai.check())
        .containsExactly(new ModelCheck("m", Outcome.UNREACHABLE, List.of("a library is missing")));
  }

  @Test
  void theSettingsOfAModelSayHowItIsCalledAndWhy() {
    ReloadingServer other = new ReloadingServer().hasVllm("there", ReloadingServer.VLLM_25_12);
    OpenAiKServe openai =
        builder(other)
            .model(
                "fixed",
                m ->
                    m.modelName("there")
                        .dialect(Dialects.TRITON_VLLM)
                        .chatTemplate(ChatTemplates.LLAMA3))
            .model("found", m -> m.modelName("there").detect(true).alias("other").tools(false))
            .build();
    assertThat(openai.settings("found")).as("nothing was asked").isEmpty();
    assertThat(openai.settings("nope")).isEmpty();

    assertThat(openai.check()).allMatch(ModelCheck::isGood);

    assertThat(openai.settings("fixed"))
        .hasValueSatisfying(
            fixed -> {
              assertThat(fixed.dialect()).isEqualTo("triton-vllm");
              assertThat(fixed.reason()).isEqualTo("configured");
              assertThat(fixed.streams()).isTrue();
              assertThat(fixed.toolCalls()).isNotNull();
            });
    assertThat(openai.settings("other"))
        .hasValueSatisfying(
            found -> {
              assertThat(found.model()).isEqualTo("found");
              assertThat(found.dialect()).isEqualTo("triton-vllm");
              assertThat(found.reason()).contains("text_input");
              assertThat(found.toolCalls()).isNull();
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aModelThatTheServerDoesNotHaveDoesNotExistWithAndWithoutADialect(boolean lists) {
    ReloadingServer other = new ReloadingServer().hasVllm("there", ReloadingServer.VLLM_25_12);
    if (!lists) {
      other.withoutIndex().reportingModels();
    }
    OpenAiKServe openai =
        builder(other)
            .model("here", m -> m.modelName("there").detect(true))
            .model("detected", m -> m.modelName("nope").detect(true))
            .model("spoken", m -> m.modelName("nope").dialect(Dialects.TRITON_VLLM))
            .build();

    List<ModelCheck> checks = openai.check();

    assertThat(checks)
        .extracting(ModelCheck::outcome)
        .containsExactly(Outcome.FITS, Outcome.MISSING, Outcome.MISSING);
    assertThat(checks.get(1).findings()).containsExactly("the server has no model 'nope'");
    assertThat(checks.get(2).isGood()).isFalse();
    assertThat(Outcome.MISSING.value()).isEqualTo("does not exist");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anUnknownVersionIsNamedWithTheConfiguredId(boolean lists) {
    ReloadingServer other = new ReloadingServer().has("own", "v1", List.of("prompt")).versioned();
    if (!lists) {
      other.withoutIndex().reportingModels();
    }
    OpenAiKServe openai =
        builder(other)
            .model("own1", m -> m.modelName("own").modelVersion("v1").detect(true))
            .model("own9", m -> m.modelName("own").modelVersion("v9").detect(true))
            .build();

    List<ModelCheck> checks = openai.check();

    assertThat(checks.get(0).outcome()).isEqualTo(Outcome.FITS);
    assertThat(checks.get(1))
        .isEqualTo(
            new ModelCheck(
                "own9",
                Outcome.MISSING,
                List.of("the server has model 'own', but not its version 'v9'")));
  }

  @Test
  void aModelThatIsLoadingIsNotReady() {
    ReloadingServer other = new ReloadingServer().lists("m", "State.LOADING", "");
    OpenAiKServe openai = builder(other).model("m", Dialects.TRITON_VLLM).build();

    assertThat(openai.check())
        .containsExactly(
            new ModelCheck(
                "m",
                Outcome.UNREACHABLE,
                List.of("the server has model 'm', but it is not ready")));
  }

  private OpenAiKServe.Builder builder(InferenceBackend backend) {
    return OpenAiKServe.builder(backend).scheduler(time);
  }
}
