package io.github.openaikserve.grpc.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of TorchServe are decoded to those that its handler returned. */
final class TorchServeTextsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Property
  void anyQuotedTextIsUnquotedToTheOriginal(@ForAll String text) throws Exception {
    assertThat(TorchServeTexts.unquoted(JSON.writeValueAsString(text))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"",
        "plain",
        "{\"a\": 1}",
        "\"one\" and \"two\"",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\""
      })
  void elementsThatAreNotJsonStringsAreUnchanged(String text) {
    assertThat(TorchServeTexts.unquoted(text)).isNull();
  }

  @Test
  void onlyTheTextsOfAResponseAreUnquoted() {
    InferResponse response =
        TorchServeTexts.unquoted(
            InferResponse.of(
                Tensor.text("text", "\"echo: \\u00e9\\n\\\"two\\\"\"", "as it is", "\"\""),
                Tensor.ints("count", 3)));

    assertThat(response.outputs().get(0).texts())
        .containsExactly("echo: é\n\"two\"", "as it is", "");
    assertThat(response.outputs().get(1)).isEqualTo(Tensor.ints("count", 3));
  }
}
