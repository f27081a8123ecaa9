package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.EmbeddingInput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A dialect for embeddings that is nothing but its table. */
final class TableEmbeddingDialect implements EmbeddingDialect {
  private final String name;
  private final List<EmbeddingDialectBuilder.InputRow> inputs;
  private final Map<String, ResponseField> outputs;
  private final @Nullable String modelName;
  private final String modelVersion;
  private final boolean batchDimension;
  private final int maxBatch;
  private final int maxConcurrency;
  private final OptionalInt dimensions;
  private final Set<RequestField> carried = EnumSet.noneOf(RequestField.class);

  TableEmbeddingDialect(EmbeddingDialectBuilder table) {
    name = table.name;
    inputs = List.copyOf(table.inputs);
    outputs = new LinkedHashMap<>(table.outputs);
    modelName = table.modelName;
    modelVersion = table.modelVersion;
    batchDimension = table.batchDimension;
    maxBatch = table.maxBatch;
    maxConcurrency = table.maxConcurrency;
    dimensions = table.dimensions;
    inputs.forEach(row -> carried.add(row.field()));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean carries(RequestField field) {
    return carried.contains(field);
  }

  @Override
  public int maxBatch(EmbeddingInput input) {
    // Lists of token ids have different lengths, which no tensor has without padding.
    return input instanceof EmbeddingInput.Tokens ? 1 : maxBatch;
  }

  @Override
  public int maxConcurrency() {
    return maxConcurrency;
  }

  @Override
  public OptionalInt dimensions() {
    return dimensions;
  }

  @Override
  public InferCall encode(EmbeddingBatch batch) {
    List<Tensor> tensors = new ArrayList<>(inputs.size());
    for (EmbeddingDialectBuilder.InputRow row : inputs) {
      Tensor tensor = tensor(row, batch);
      if (tensor != null) {
        tensors.add(tensor);
      }
    }
    String version = batch.modelVersion();
    return InferCall.of(
        Rpc.MODEL_INFER,
        InferRequest.of(
            modelName == null ? batch.modelName() : modelName,
            version == null ? modelVersion : version,
            tensors));
  }

  private @Nullable Tensor tensor(EmbeddingDialectBuilder.InputRow row, EmbeddingBatch batch) {
    return switch (row.field()) {
      case INPUT ->
          batch.input() instanceof EmbeddingInput.Texts texts ? texts(row, texts.texts()) : null;
      case INPUT_TOKENS ->
          batch.input() instanceof EmbeddingInput.Tokens tokens
              ? tokens(row, tokens.tokens().get(0))
              : null;
      default -> dimensions(row, batch);
    };
  }

  private Tensor texts(EmbeddingDialectBuilder.InputRow row, List<String> texts) {
    List<ByteBuffer> encoded = new ArrayList<>(texts.size());
    for (String text : texts) {
      encoded.add(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
    return Tensor.of(row.tensor(), shape(texts.size()), encoded);
  }

  private Tensor tokens(EmbeddingDialectBuilder.InputRow row, List<Integer> tokens) {
    int length = tokens.size();
    long[] shape = batchDimension ? new long[] {1, length} : new long[] {length};
    return integers(row, shape, tokens.stream().mapToInt(Integer::intValue).toArray());
  }

  private @Nullable Tensor dimensions(EmbeddingDialectBuilder.InputRow row, EmbeddingBatch batch) {
    if (batch.dimensions() == null) {
      return null;
    }
    // A batch dimension is the same for every tensor of a request.
    int[] values = new int[batchDimension ? batch.input().size() : 1];
    Arrays.fill(values, batch.dimensions());
    return integers(row, shape(values.length), values);
  }

  private long[] shape(int length) {
    return batchDimension ? new long[] {length, 1} : new long[] {length};
  }

  private static Tensor integers(EmbeddingDialectBuilder.InputRow row, long[] shape, int[] values) {
    return row.datatype() == Datatype.INT64
        ? Tensor.of(
            row.tensor(), Datatype.INT64, shape, Arrays.stream(values).asLongStream().toArray())
        : Tensor.of(row.tensor(), row.datatype(), shape, values);
  }

  @Override
  public EmbeddingVectors decode(InferResponse response, int inputs) {
    if (response.outputs().isEmpty()) {
      throw new DialectException("The model server answered without any output tensor.");
    }
    Tensor vectors = first(response, ResponseField.EMBEDDING);
    if (vectors == null) {
      throw new DialectException(
          "The model server answered with the tensors %s; expected one of %s."
              .formatted(
                  response.outputs().stream().map(Tensor::name).toList(),
                  names(ResponseField.EMBEDDING)));
    }
    Tensor counts = first(response, ResponseField.PROMPT_TOKENS);
    return EmbeddingVectors.of(vectors, inputs, counts == null ? null : Scalars.sum(counts));
  }

  private @Nullable Tensor first(InferResponse response, ResponseField field) {
    for (Tensor tensor : response.outputs()) {
      if (outputs.get(tensor.name()) == field) {
        return tensor;
      }
    }
    return null;
  }

  private List<String> names(ResponseField field) {
    return outputs.entrySet().stream()
        .filter(output -> output.getValue() == field)
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public List<String> mismatches(ModelDescription model) {
    return EmbeddingTableCheck.problems(inputs, outputs, model);
  }
}
