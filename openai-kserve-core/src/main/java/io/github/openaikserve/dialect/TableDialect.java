package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A dialect that is nothing but its table. */
final class TableDialect implements Dialect {
  private final String name;
  private final List<InputRow> inputs;
  private final List<Tensor> constants;
  private final Map<String, InferParameter> parameters;
  private final OutputReader outputs;
  private final boolean cumulativeText;
  private final boolean cumulativeTokens;
  private final @Nullable String unaryModelName;
  private final @Nullable String streamModelName;
  private final String modelVersion;
  private final int rank;
  private final boolean decoupled;
  private final boolean foldsFromStream;
  private final @Nullable String modelInfoName;
  private final String modelInfoOutput;
  private final @Nullable EmbeddingDialect embeddings;
  private final Set<RequestField> carried = EnumSet.noneOf(RequestField.class);

  TableDialect(DialectBuilder table) {
    name = table.name;
    inputs = List.copyOf(table.inputs);
    constants = List.copyOf(table.constants);
    parameters = Map.copyOf(table.parameters);
    outputs = new OutputReader(table);
    cumulativeText = table.cumulativeText;
    cumulativeTokens = table.cumulativeTokens;
    unaryModelName = table.unaryModelName;
    streamModelName = table.streamModelName;
    modelVersion = table.modelVersion;
    rank = table.batchDimension ? 2 : 1;
    decoupled = table.decoupled;
    foldsFromStream = table.foldsFromStream;
    modelInfoName = table.modelInfoName;
    modelInfoOutput = table.modelInfoOutput;
    embeddings = table.embeddings;
    inputs.forEach(row -> row.fields().forEach(carried::add));
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
  public boolean foldsFromStream() {
    return foldsFromStream;
  }

  @Override
  public InferCall encode(Generation generation) {
    List<Tensor> tensors = new ArrayList<>(inputs.size() + constants.size());
    for (InputRow row : inputs) {
      Tensor tensor = row.encode(generation, rank);
      if (tensor != null) {
        tensors.add(tensor);
      }
    }
    tensors.addAll(constants);
    boolean stream = generation.stream();
    String named = stream ? streamModelName : unaryModelName;
    return InferCall.of(
        stream || decoupled ? Rpc.MODEL_STREAM_INFER : Rpc.MODEL_INFER,
        new InferRequest(
            named == null ? generation.modelName() : named,
            version(generation),
            "",
            parameters,
            tensors));
  }

  @Override
  public GenerationDelta decode(InferResponse response) {
    return outputs.read(response);
  }

  @Override
  public boolean cumulativeText() {
    return cumulativeText;
  }

  @Override
  public boolean cumulativeTokens() {
    return cumulativeTokens;
  }

  @Override
  public Optional<InferCall> modelNameCall(Generation generation) {
    return Optional.ofNullable(modelInfoName)
        .map(
            capability ->
                InferCall.of(
                    Rpc.MODEL_INFER, InferRequest.of(capability, version(generation), List.of())));
  }

  @Override
  public Optional<String> modelName(InferResponse response) {
    return response
        .output(modelInfoOutput)
        .filter(tensor -> tensor.datatype() == Datatype.BYTES && tensor.size() == 1)
        .map(tensor -> tensor.texts().get(0))
        .filter(reported -> !reported.isBlank());
  }

  @Override
  public Optional<EmbeddingDialect> embeddings() {
    return Optional.ofNullable(embeddings);
  }

  private String version(Generation generation) {
    String version = generation.modelVersion();
    return version == null ? modelVersion : version;
  }
}
