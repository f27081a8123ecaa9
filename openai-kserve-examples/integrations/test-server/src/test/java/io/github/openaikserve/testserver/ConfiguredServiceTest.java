package io.github.openaikserve.testserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.testing.ScriptedResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The extension with a service that a test configures. */
final class ConfiguredServiceTest {
  @RegisterExtension
  static final OpenAiKServeExtension SERVERS =
      OpenAiKServeExtension.with(service -> service.model("vllm", Dialects.TRITON_VLLM));

  @Test
  void hasItsModels(KServeTestServer model, OpenAiKServe openai) {
    model.answering(call -> ScriptedResponse.texts("text_output", "Hello"));

    assertThat(openai.completions().create(r -> r.model("vllm").prompt("p")).text())
        .isEqualTo("Hello");
  }
}
