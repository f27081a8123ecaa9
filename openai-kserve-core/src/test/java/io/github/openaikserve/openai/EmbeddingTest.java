package io.github.openaikserve.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.openaikserve.error.InvalidRequestException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EmbeddingTest {
  @Test
  void aVectorIsReadFromLittleEndianBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putFloat(7).putFloat(1.5f).putFloat(-2).position(4);

    var embedding = new Embedding(3, bytes);

    assertThat(embedding.index()).isEqualTo(3);
    assertThat(embedding.dimensions()).isEqualTo(2);
    assertThat(embedding.vector()).containsExactly(1.5f, -2);
    assertThat(embedding.bytes().getFloat(4)).isEqualTo(-2);
    assertThat(embedding).isEqualTo(Embedding.of(3, 1.5f, -2));
    assertThat(embedding).hasSameHashCodeAs(Embedding.of(3, 1.5f, -2));
    assertThat(embedding).isNotEqualTo(Embedding.of(3, 1.5f, 2));
  }

  @Test
  void theVectorIsItsCallersOwnAndTheBytesAreReadOnly() {
    float[] given = {1, 2};
    var embedding = Embedding.of(0, given);

    given[0] = 9;
    embedding.vector()[1] = 9;
    embedding.bytes().position(8);

    assertThat(embedding.vector()).containsExactly(1, 2);
    assertThat(embedding.bytes().remaining()).isEqualTo(8);
    assertThatExceptionOfType(ReadOnlyBufferException.class)
        .isThrownBy(() -> embedding.bytes().putFloat(0, 9));
  }

  @Test
  void aVectorHasWholeNumbersAndAtLeastOne() {
    assertThatIllegalArgumentException().isThrownBy(() -> Embedding.of(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Embedding(0, ByteBuffer.allocate(6)))
        .withMessageContaining("6 bytes");
  }

  @Test
  void inputsAreCopiedAndSliced() {
    List<String> given = new ArrayList<>(List.of("a", "b", "c"));
    var texts = new EmbeddingInput.Texts(given);
    given.clear();
    var tokens = new EmbeddingInput.Tokens(List.of(List.of(1), List.of(2, 3)));

    assertThat(texts.slice(1, 3)).isEqualTo(new EmbeddingInput.Texts(List.of("b", "c")));
    assertThat(tokens.slice(1, 2)).isEqualTo(new EmbeddingInput.Tokens(List.of(List.of(2, 3))));
    assertThat(texts.size() + tokens.size()).isEqualTo(5);
  }

  @Test
  void aRequestHasAnInput() {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(CreateEmbeddingRequest.builder()::build)
        .satisfies(e -> assertThat(e.param()).isEqualTo("input"));
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> CreateEmbeddingRequest.builder().input("a", "").build())
        .satisfies(e -> assertThat(e.param()).isEqualTo("input[1]"));
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> CreateEmbeddingRequest.builder().input("a").dimensions(0).build())
        .satisfies(e -> assertThat(e.param()).isEqualTo("dimensions"));
  }

  @Test
  void aTokenCountIsNotNegative() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CreateEmbeddingResponse.Usage(-1, true));
    assertThat(new CreateEmbeddingResponse.Usage(4, true).totalTokens()).isEqualTo(4);
  }
}
