package io.github.openaikserve.internal.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** However a text is cut into pieces, what comes out is the same. */
final class TextProperties {
  @Property
  void anyBytesInAnyPiecesAreTheSameText(@ForAll byte[] bytes, @ForAll List<Integer> cuts) {
    var decoder = new Utf8Decoder();
    var text = new StringBuilder();

    for (byte[] piece : Pieces.of(bytes, cuts)) {
      text.append(decoder.next(ByteBuffer.wrap(piece)));
    }
    text.append(decoder.end());

    assertThat(text.toString()).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
  }

  @Property
  void anyTextInAnyPiecesIsItself(@ForAll String any, @ForAll List<Integer> cuts) {
    byte[] bytes = any.getBytes(StandardCharsets.UTF_8);
    var decoder = new Utf8Decoder();
    var text = new StringBuilder();

    for (byte[] piece : Pieces.of(bytes, cuts)) {
      text.append(decoder.next(ByteBuffer.wrap(piece)));
    }
    text.append(decoder.end());

    assertThat(text.toString()).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
  }

  @Property(tries = 3000)
  void anyPiecesAreCutAtTheEarliestStop(
      @ForAll("fewLetters") String text,
      @ForAll("stops") List<String> stops,
      @ForAll List<Integer> cuts) {
    var sequences = new StopSequences(stops);
    var out = new StringBuilder();

    for (String piece : Pieces.of(text, cuts)) {
      if (!sequences.matched()) {
        out.append(sequences.next(piece));
      }
    }
    out.append(sequences.end());

    assertThat(out.toString()).isEqualTo(Pieces.cutAtEarliest(text, stops));
    assertThat(sequences.matched()).isEqualTo(stops.stream().anyMatch(text::contains));
  }

  @Property
  void whatCannotBeginAStopIsNotHeldBack(@ForAll("fewLetters") String text) {
    var sequences = new StopSequences(List.of("zz", "yx"));

    assertThat(sequences.next(text)).isEqualTo(text);
  }

  @Provide
  Arbitrary<String> fewLetters() {
    return Arbitraries.strings().withChars('a', 'b', 'c').ofMaxLength(30);
  }

  @Provide
  Arbitrary<List<String>> stops() {
    return Arbitraries.strings()
        .withChars('a', 'b', 'c')
        .ofMinLength(1)
        .ofMaxLength(5)
        .list()
        .ofMaxSize(4);
  }
}
