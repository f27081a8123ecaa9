package io.github.openaikserve.internal.json.write;

import static io.github.openaikserve.internal.json.read.Json.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.internal.json.read.Json;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import io.github.openaikserve.openai.Embedding;
import io.github.openaikserve.openai.EncodingFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The bytes of an answer with vectors. */
class EmbeddingAnswersTest {
  @Test
  void vectorsAreNumbersUnlessAskedOtherwise() {
    var answer =
        answer(
            new Usage(3, false), Embedding.of(0, 0.1f, -2), Embedding.of(1, 1e-10f, 3.4028235e38f));

    assertThat(string(EncoderWriter.write(answer, null)))
        .isEqualTo(
            ("{'object':'list','data':["
                    + "{'object':'embedding','index':0,'embedding':[0.1,-2.0]},"
                    + "{'object':'embedding','index':1,'embedding':[1.0E-10,3.4028235E38]}],"
                    + "'model':'m','usage':{'prompt_tokens':3,'total_tokens':3}}")
                .replace('\'', '"'));
    assertThat(EncoderWriter.write(answer, EncodingFormat.FLOAT))
        .isEqualTo(EncoderWriter.write(answer, null));
  }

  @Test
  void base64IsThatOfLittleEndianNumbers() {
    var answer = answer(new Usage(3, true), Embedding.of(0, 1, -0.5f));

    assertThat(string(EncoderWriter.write(answer, EncodingFormat.BASE64)))
        .contains("\"embedding\":\"AACAPwAAAL8=\"")
        .endsWith("\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3,\"estimated\":true}}");
  }

  @Property
  void bothFormsSayTheSameBits(@ForAll @Size(min = 1, max = 50) List<Integer> bits) {
    float[] vector = new float[bits.size()];
    for (int i = 0; i < vector.length; i++) {
      float number = Float.intBitsToFloat(bits.get(i));
      vector[i] = Float.isFinite(number) ? number : bits.get(i);
    }
    var answer = answer(new Usage(0, false), Embedding.of(0, vector));

    String base64 = embedding(EncoderWriter.write(answer, EncodingFormat.BASE64)).textValue();
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
    float[] decoded = new float[vector.length];
    bytes.asFloatBuffer().get(decoded);
    assertThat(decoded).containsExactly(vector);
    JsonNode numbers = embedding(EncoderWriter.write(answer, EncodingFormat.FLOAT));
    for (int i = 0; i < vector.length; i++) {
      String written = numbers.get(i).asText();
      assertThat(Float.floatToIntBits(Float.parseFloat(written)))
          .isEqualTo(Float.floatToIntBits(vector[i]));
    }
  }

  @Test
  void numbersAreWrittenAsShortAsTheyCanBe() {
    var answer = answer(new Usage(0, false), Embedding.of(0, 2e10f, 1 << 30, 0x1p33f, -0.0f));

    assertThat(string(EncoderWriter.write(answer, null)))
        .contains("[2.0E10,1.0737418E9,8.589935E9,-0.0]");
  }

  @Test
  void aFullRequestOfLongVectorsIsWritten() {
    float[] vector = new float[1536];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) Math.sin(i);
    }
    Embedding[] all =
        IntStream.range(0, 2048).mapToObj(i -> Embedding.of(i, vector)).toArray(Embedding[]::new);

    byte[] numbers = EncoderWriter.write(answer(new Usage(0, false), all), EncodingFormat.FLOAT);
    byte[] base64 = EncoderWriter.write(answer(new Usage(0, false), all), EncodingFormat.BASE64);

    assertThat(numbers.length).isGreaterThan(2048 * 1536 * 8);
    assertThat(base64.length).isBetween(2048 * 8192, 2048 * 8300);
  }

  private static JsonNode embedding(byte[] json) {
    return Json.parse(json).at("/data/0/embedding");
  }

  private static CreateEmbeddingResponse answer(Usage usage, Embedding... data) {
    return new CreateEmbeddingResponse("m", List.of(data), usage, List.of("x"));
  }
}
