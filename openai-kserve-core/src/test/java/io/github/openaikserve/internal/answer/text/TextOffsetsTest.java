package io.github.openaikserve.internal.answer.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextOffsetsTest {
  /** In the tokens, ? is a part of a character, and they are separated by |. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a|b|c;abc;0,1,2",
        "ab|😀|c;ab😀c;0,2,3",
        "?|?|b;éb;0,0,1",
        "?|?|?|?|b;ééb;0,0,1,1,2",
        "?|?|é|b;ééb;0,0,1,2",
        "?|?|?|?|?|?;😀😁;0,0,0,1,1,1",
        "x?|?y|z;xéyz;0,1,3",
        "a?|?;aé;0,1",
        "<s>|a|b;ab;0,3,4", // the text does not contain the first token
      })
  void aResponseOfManyTokensHasThoseOfItsText(String tokens, String text, String offsets) {
    List<String> parts = Stream.of(tokens.split("\\|")).map(t -> t.replace('?', '\uFFFD')).toList();

    assertThat(new TextOffsets().next(parts, text))
        .extracting(String::valueOf)
        .containsExactly(offsets.split(","));
  }

  @Test
  void theTextOfAResponseDecidesWhereTheNextOneBegins() {
    var offsets = new TextOffsets();
    List<Integer> all = new ArrayList<>(offsets.next(List.of("<s>", "a"), "a"));

    all.addAll(offsets.next(List.of(), "b"));
    all.addAll(offsets.next(List.of("\uFFFD"), "\uFFFD"));
    all.addAll(offsets.next(List.of("c"), "c"));

    assertThat(all).containsExactly(0, 3, 2, 3);
  }
}
