package io.github.openaikserve.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON that arrives character by character is checked as strictly as JSON that is there. */
final class JsonPushTest {
  private static boolean isObject(String text) {
    var json = new JsonPush();
    for (int i = 0; i < text.length(); i++) {
      if (!json.next(text.charAt(i))) {
        return false;
      }
      if (json.depth() == 0) {
        return i == text.length() - 1;
      }
    }
    return false;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,}",
        "{\"a\":[1,]}",
        "{\"a\":[,1]}",
        "{\"a\":[1,,2]}",
        "{,}",
        "{\"a\" 1}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":tru}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\\d\"}",
        "{\"a\":\"\\u12g4\"}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1]",
        "{\"a\":NaN}",
        "{\"a\":1 2}"
      })
  void invalidJsonIsRejected(String text) {
    assertThat(isObject(text)).isFalse();
  }

  /** Texts with an underscore before the first character that no JSON has there. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":_NaN}",
        "{\"a\":_Infinity}",
        "{\"a\":-_Infinity}",
        "{\"a\":n_an}",
        "{\"a\":nul_x}",
        "{\"a\":t_True}",
        "{\"a\":_True}",
        "{\"a\":true_e}",
        "{\"a\":_+1}",
        "{\"a\":_.5}",
        "{\"a\":0_1}",
        "{\"a\":-_a}",
        "{\"a\":1._e}",
        "{\"a\":1e_.}",
        "{\"a\":1e+_-}",
        "{\"a\":1.5_.}",
        "{\"a\":1 _2}",
        "{\"a\":[1 _2]}",
        "{\"a\":\"x\" _\"y\"}",
        "{\"a\":_é}",
        "{\"a\" _1}",
        "{\"a\"_,}",
        "{\"a\":1_]",
        "{\"a\":\"\\_d\"}",
        "{\"a\":\"\\u12_g\"}",
        "{\"a\":[1}",
        "{_a}",
        "{_1:2}"
      })
  void anErrorIsFoundAtItsFirstCharacter(String text) {
    int expected = text.indexOf('_');
    String wrong = text.replace("_", "");
    var json = new JsonPush();
    int valid = 0;
    while (valid < wrong.length() && json.next(wrong.charAt(valid))) {
      valid++;
    }

    assertThat(valid).isEqualTo(expected < 0 ? wrong.length() - 1 : expected);
  }

  @Test
  void itAgreesWithTheParserOfWholeTexts() {
    List<String> words =
        List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"a\"",
            "\"\"",
            "1",
            "-2.5e3",
            "true",
            "null",
            " ",
            "\n",
            "é",
            "\"\\\"\"",
            "\"😀\"",
            "x",
            "0",
            "\\");
    var random = new Random(1);
    for (int round = 0; round < 20_000; round++) {
      var text = new StringBuilder("{");
      for (int i = random.nextInt(9); i >= 0; i--) {
        text.append(words.get(random.nextInt(words.size())));
      }
      String json = text.append('}').toString();

      assertThat(isObject(json)).as(json).isEqualTo(JsonCodec.readObject(json).isPresent());
    }
  }
}
