package io.github.openaikserve.internal.answer.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

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
}
