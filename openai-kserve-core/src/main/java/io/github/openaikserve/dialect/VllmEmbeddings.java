package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.EmbeddingInput;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** See {@link EmbeddingDialects#TRITON_VLLM}. */
final class VllmEmbeddings implements EmbeddingDialect {
  /** What vLLM batches by itself. */
  private static final int CALLS = 8;

  private final Map<String, String> metadata;

  /**
   * The dialect.
   *
   * @param metadata headers that every call has
   */
  VllmEmbeddings(Map<String, String> metadata) {
    this.metadata = Map.copyOf(metadata);
  }

  @Override
  public String name() {
    return "triton-vllm";
  }

  @Override
  public boolean carries(RequestField field) {
    return field == RequestField.INPUT
        || field == RequestField.INPUT_TOKENS
        || field == RequestField.DIMENSIONS;
  }

  @Override
  public int maxConcurrency() {
    return CALLS;
  }

  @Override
  public InferCall encode(EmbeddingBatch batch) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put(
        "input",
        batch.input() instanceof EmbeddingInput.Texts texts
            ? texts.texts().get(0)
            : ((EmbeddingInput.Tokens) batch.input()).tokens().get(0));
    if (batch.dimensions() != null) {
      request.put("pooling_params", Map.of("dimensions", List.of(batch.dimensions())));
    }
    String version = batch.modelVersion();
    return InferCall.of(
            Rpc.MODEL_STREAM_INFER,
            InferRequest.of(
                batch.modelName(),
                version == null ? "" : version,
                List.of(
                    Tensor.text("embedding_request", JsonCodec.writeValue(request)),
                    Tensor.booleans("return_num_input_tokens", true))))
        .withMetadata(metadata);
  }

  @Override
  public EmbeddingVectors decode(InferResponse response, int inputs) {
    Tensor json =
        response
            .output("text_output")
            .filter(tensor -> tensor.datatype() == Datatype.BYTES && tensor.size() == 1)
            .orElseThrow(
                () ->
                    new DialectException(
                        "The model server answered without 'text_output' of one element."));
    float[] numbers = numbers(json);
    Tensor vector = Tensor.of(json.name(), new long[] {1, numbers.length}, numbers);
    return EmbeddingVectors.of(
        vector, 1, response.output("num_input_tokens").map(Scalars::count).orElse(null));
  }

  private static float[] numbers(Tensor json) {
    String text = StandardCharsets.UTF_8.decode(json.bytes(0)).toString();
    if (JsonCodec.readValue(text).orElse("") instanceof List<?> list) {
      float[] numbers = new float[list.size()];
      for (int i = 0; i < numbers.length; i++) {
        if (!(list.get(i) instanceof Number number)) {
          throw notNumbers(json);
        }
        numbers[i] = number.floatValue();
      }
      return numbers;
    }
    throw notNumbers(json);
  }

  private static DialectException notNumbers(Tensor json) {
    return new DialectException(
        "Output tensor '%s' holds no JSON list of numbers.".formatted(json.name()));
  }
}
