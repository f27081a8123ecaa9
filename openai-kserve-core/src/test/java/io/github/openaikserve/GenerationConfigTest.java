package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The defaults that a model's generation_config.json sets. */
final class GenerationConfigTest {
  private static final String QWEN3 =
      "{\"bos_token_id\": 151643, \"do_sample\": true, \"eos_token_id\": [151645, 151643],"
          + " \"pad_token_id\": 151643, \"temperature\": 0.6, \"top_k\": 20, \"top_p\": 0.95,"
          + " \"min_p\": 0.05, \"repetition_penalty\": 1.05, \"max_new_tokens\": 2048,"
          + " \"typical_p\": null, \"transformers_version\": \"4.51.0\"}";

  @TempDir private Path directory;

  private final FakeBackend backend =
      FakeBackend.answering(call -> ScriptedResponse.texts("text_output", "x"));

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("generation_config.json"), text);
  }

  private String sent() {
    return backend.onlyRequest().input("sampling_parameters").orElseThrow().texts().get(0);
  }

  @Test
  void configuredDefaultsAreSentLikeRequestValues() throws IOException {
    Path config = file(QWEN3);
    OpenAiKServe.builder(backend)
        .model("m", m -> m.dialect(Dialects.TRITON_VLLM).generationConfig(config))
        .build()
        .chatCompletions()
        .create(r -> r.user("Hi"));

    assertThat(sent())
        .contains("\"max_tokens\":2048", "\"temperature\":0.6", "\"top_p\":0.95", "\"top_k\":20")
        .contains("\"min_p\":0.05", "\"repetition_penalty\":1.05")
        .doesNotContain("eos", "typical", "do_sample");
  }

  @Test
  void aDefaultAndTheRequestsOwnValueComeFirst() throws IOException {
    Path config = file(QWEN3);
    OpenAiKServe.builder(backend)
        .model(
            "m",
            m ->
                m.dialect(Dialects.TRITON_VLLM)
                    .generationConfig(config)
                    .defaultParameter("top_p", 0.5))
        .build()
        .chatCompletions()
        .create(r -> r.user("Hi").temperature(1).extra("top_k", 0));

    assertThat(sent()).contains("\"temperature\":1.0", "\"top_p\":0.5", "\"top_k\":-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{\"temperature\": \"warm\"}", "{\"top_k\": -7}"})
  void aFileThatCannotBeUsedIsRefused(String text) throws IOException {
    Path config = file(text);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> OpenAiKServe.builder(backend).model("m", m -> m.generationConfig(config)));
  }

  @Test
  void aFileThatIsMissingIsNamed() {
    Path missing = directory.resolve("missing.json");

    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(
            () -> OpenAiKServe.builder(backend).model("m", m -> m.generationConfig(missing)))
        .withMessageContaining("missing.json");
  }
}
