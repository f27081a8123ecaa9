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
