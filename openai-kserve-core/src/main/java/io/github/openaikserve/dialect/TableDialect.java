package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A dialect that is nothing but its table. */
final class TableDialect implements Dialect {
  private final DialectBuilder table; // never written to again

  /** The table before it was fitted to a model: it can be fitted to another one. */
  private final DialectBuilder unfitted;

  private final List<Tensor> constants;
  private final OutputReader outputs;
  private final Set<RequestField> carried;
  private final int rank;

  TableDialect(DialectBuilder table) {
    this(table, table);
  }

  private TableDialect(DialectBuilder table, DialectBuilder unfitted) {
    this.table = table;
    this.unfitted = unfitted;
    rank = table.batchDimension ? 2 : 1;
    constants = table.constants.stream().map(tensor -> shaped(tensor, rank)).toList();
    outputs = new OutputReader(table);
    carried = Set.copyOf(table.carried());
  }

  private static Tensor shaped(Tensor constant, int rank) {
    if (constant.size() != 1) {
      return constant;
    }
    return rank == 1 ? constant.withShape(1) : constant.withShape(1, 1);
  }

  @Override
  public String name() {
    return table.name;
  }

  @Override
  public boolean carries(RequestField field) {
    return carried.contains(field);
  }

  @Override
  public boolean foldsFromStream() {
    return table.foldsFromStream;
  }

  @Override
  public boolean foldsFromStream(Generation generation) {
    return table.foldsFromStream
        || (table.foldsToStop && generation.value(RequestField.STOP) != null);
  }

  @Override
  public boolean knowsEndTokens() {
    return table.knowsEndTokens;
  }

  @Override
  public InferCall encode(Generation wanted) {
    boolean stream = wanted.stream() && table.streamUse != StreamUse.NEVER;
    Generation generation = wanted.stream() == stream ? wanted : wanted.withStream(stream);
    List<Tensor> tensors = new ArrayList<>(table.inputs.size() + constants.size());
    for (InputRow row : table.inputs) {
      Tensor tensor = row.encode(generation, rank);
      if (tensor != null) {
        tensors.add(tensor);
      }
    }
    tensors.addAll(constants);
    Rpc rpc = rpc(stream);
    String named = rpc.streams() ? table.streamModelName : table.unaryModelName;
    return InferCall.of(
            rpc,
            new InferRequest(
                named == null ? generation.modelName() : named,
                version(generation),
                "",
                parameters(generation),
                tensors))
        .withMetadata(table.metadata);
  }

  private Rpc rpc(boolean stream) {
    if (!stream && table.streamUse != StreamUse.ALWAYS) {
      return Rpc.MODEL_INFER;
    }
    return table.bareStreams ? Rpc.MODEL_STREAM_INFER_BARE : Rpc.MODEL_STREAM_INFER;
  }

  private Map<String, InferParameter> parameters(Generation generation) {
    if (table.parameterFields.isEmpty()) {
      return table.parameters;
    }
    Map<String, InferParameter> parameters = new LinkedHashMap<>(table.parameters);
    table.parameterFields.forEach(
        (name, field) -> {
          Object value = generation.value(field);
          if (value != null) {
            parameters.put(name, Scalars.parameter(value));
          }
        });
    return parameters;
  }

  @Override
  public GenerationDelta decode(InferResponse response) {
    return outputs.read(response);
  }

  @Override
  public @Nullable Tensor onlyText(InferResponse response) {
    return outputs.onlyText(response);
  }

  @Override
  public boolean cumulativeText() {
    return table.cumulativeText;
  }

  @Override
  public boolean cumulativeTokens() {
    return table.cumulativeTokens;
  }

  @Override
  public boolean echoesPrompt() {
    return table.echoesPrompt;
  }

  @Override
  public Optional<InferCall> modelNameCall(Generation generation) {
    return Optional.ofNullable(table.modelInfoName)
        .map(
            capability ->
                InferCall.of(
                    Rpc.MODEL_INFER, InferRequest.of(capability, version(generation), List.of())));
  }

  @Override
  public Optional<String> modelName(InferResponse response) {
    return response
        .output(table.modelInfoOutput)
        .filter(tensor -> tensor.datatype() == Datatype.BYTES && tensor.size() == 1)
        .map(tensor -> tensor.texts().get(0))
        .filter(reported -> !reported.isBlank());
  }

  @Override
  public Optional<EmbeddingDialect> embeddings() {
    return Optional.ofNullable(table.embeddings);
  }

  @Override
  public Dialect fitTo(ModelDescription model) {
    return new TableDialect(TableFit.of(unfitted, model), unfitted);
  }

  @Override
  public List<String> mismatches(ModelDescription model) {
    return new TableCheck(table, model).problems();
  }

  private String version(Generation generation) {
    String version = generation.modelVersion();
    return version == null ? table.modelVersion : version;
  }
}
