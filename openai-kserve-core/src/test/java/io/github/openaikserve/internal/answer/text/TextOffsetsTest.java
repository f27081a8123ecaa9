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

  /** The responses are separated by a comma, each with its tokens and its text. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a/,b/,c/a,d/b,e/cde;0,1,2,3,4",
        "abc/,d/a,e/bc,f/de;0,3,4,5", // a part of a token
        "😀/,b/,c/😀,d/bcd;0,1,2,3",
        "a|b/,c|d/ab,e/cde;0,1,2,3,4",
        "a/,/a,b/,c/b;0,1,2", // a response without tokens
        "a/,b/,c/;0,1,2",
        "<s>/,a/a,b/b;0,0,1", // the text does not contain some tokens
        "x/,<s>/,y/x,z/yz,w/w;0,1,4,2,3",
        "x/,<s>/,y/,z/xy,w/z;0,1,4,2,3",
        "a/,b/,c/ a,d/ b,e/ c,f/ d e f;0,1,3,5,7,10", // nor the tokens the spaces
        "a/,?/,?/a,b/é,c/bc;0,1,1,2,3",
        "?/,?/,b/,c/é,d/bcd;0,0,1,2,3",
        "?/,?/,?/,?/,b/,c/éé,d/bcd;0,0,0,0,1,3,4",
        "?/,?/,?/,?/,b/,c/é,d/é,e/b,f/c;0,0,0,0,1,2,4,5,6",
        "a/,?x/,b/aé,c/xbc;0,1,3,4",
        "?/,?/,b/éb,c/c;0,0,1,2",
      })
  void aTokenWhoseTextComesLaterHasTheOffsetOfItsText(String responses, String expected) {
    var offsets = new TextOffsets();
    List<Integer> all = new ArrayList<>();

    for (String response : responses.replace('?', '\uFFFD').split(",")) {
      int slash = response.indexOf('/');
      List<String> tokens =
          Stream.of(response.substring(0, slash).split("\\|")).filter(t -> !t.isEmpty()).toList();
      all.addAll(offsets.next(tokens, response.substring(slash + 1)));
    }

    assertThat(all).extracting(String::valueOf).containsExactly(expected.split(","));
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
