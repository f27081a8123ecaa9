package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.grpc.internal.call.ResponseMarshaller;
import io.github.openaikserve.grpc.internal.message.InferCodec;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Bytes that were captured from AnyServe's own client and worker.
 *
 * <p>Source: {@code simpx/anyserve} at 4c6c501, its Python client and worker.
 */
final class GoldenBytesTest {
  private static final String INPUTS =
      "12086c6c616d616370702a260a0670726f6d7074120542595445531a01012a1242104f6e63652075706f6e20612074696d652a1b0a0a6d61785f746f6b656e731205494e5433321a01012a031201642a1e0a0b74656d70657261747572651204465033321a01012a0632043333333f2a180a05746f705f701204465033321a01012a0632043333733f2a160a05746f705f6b1205494e5433321a01012a03120128";
  private static final String UNARY_REQUEST = "0a0867656e6572617465" + INPUTS;
  private static final String STREAM_REQUEST = "0a0f67656e65726174655f73747265616d" + INPUTS;
  private static final String CHUNK =
      "12510a0f67656e65726174655f73747265616d2a1b0a05746f6b656e120542595445531a01012a08420620746f6b31322a210a0d66696e6973685f726561736f6e120542595445531a01012a0642046e756c6c";
  private static final String LAST_CHUNK =
      "124b0a0f67656e65726174655f73747265616d2a150a05746f6b656e120542595445531a01012a0242002a210a0d66696e6973685f726561736f6e120542595445531a01012a06420473746f70";
  private static final String UNARY_REPLY =
      "0a0867656e657261746512086c6c616d616370702a230a0474657874120542595445531a01012a11420f20746f6b3020746f6b3120746f6b322a190a056d6f64656c120542595445531a01012a06420466616b65";
  private static final String FAILED_REPLY = "0a0867656e657261746512086c6c616d61637070";

  @Test
  void aUnaryRequestEqualsTheBytesOfAnyServesClient() {
    assertThat(hex(encode(false))).isEqualTo(UNARY_REQUEST);
  }

  @Test
  void aStreamRequestEqualsTheBytesOfAnyServesClient() {
    assertThat(hex(encode(true))).isEqualTo(STREAM_REQUEST);
  }

  @Test
  void aChunkIsRead() throws Exception {
    InferResponse response =
        ResponseMarshaller.decode(
            ModelStreamInferResponse.parseFrom(HexFormat.of().parseHex(CHUNK)));

    assertThat(response.modelName()).isEqualTo("generate_stream");
    assertThat(response.modelVersion()).isEmpty();
    assertThat(response.outputs())
        .containsExactly(Tensor.text("token", " tok12"), Tensor.text("finish_reason", "null"));
    assertThat(Dialects.ANYSERVE.decode(response).finishReason()).isNull();
  }

  @Test
  void theLastChunkIsRead() throws Exception {
    InferResponse response =
        ResponseMarshaller.decode(
            ModelStreamInferResponse.parseFrom(HexFormat.of().parseHex(LAST_CHUNK)));

    assertThat(response.outputs())
        .containsExactly(Tensor.text("token", ""), Tensor.text("finish_reason", "stop"));
    assertThat(Dialects.ANYSERVE.decode(response).text().hasRemaining()).isFalse();
  }

  @Test
  void aUnaryReplyIsRead() throws Exception {
    InferResponse response =
        InferCodec.decode(ModelInferResponse.parseFrom(HexFormat.of().parseHex(UNARY_REPLY)));

    assertThat(response.outputs())
        .containsExactly(Tensor.text("text", " tok0 tok1 tok2"), Tensor.text("model", "fake"));
  }

  @Test
  void aReplyOfAFailedHandlerHasNoOutputs() throws Exception {
    InferResponse response =
        InferCodec.decode(ModelInferResponse.parseFrom(HexFormat.of().parseHex(FAILED_REPLY)));

    assertThat(response.outputs()).isEmpty();
    assertThat(response.modelVersion()).isEqualTo("llamacpp");
  }

  private static InferCall encode(boolean stream) {
    return Dialects.ANYSERVE.encode(
        new Generation(
                "llamacpp",
                null,
                Map.of(
                    RequestField.PROMPT,
                    "Once upon a time",
                    RequestField.MAX_TOKENS,
                    100,
                    RequestField.TEMPERATURE,
                    0.7,
                    RequestField.TOP_P,
                    0.95,
                    RequestField.TOP_K,
                    40))
            .withStream(stream));
  }

  private static String hex(InferCall call) {
    return HexFormat.of().formatHex(InferCodec.encode(call.request()).toByteArray());
  }
}
