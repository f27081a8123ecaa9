package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A dialect that is nothing but its table. */
final class TableDialect implements Dialect {
  private static final ByteBuffer NO_TEXT = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final String name;
  private final List<DialectBuilder.InputRow> inputs;
  private final List<Tensor> constants;
  private final Map<String, DialectBuilder.OutputRow> outputs;
  private final Set<String> meaningless;
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
    outputs = Map.copyOf(table.outputs);
    meaningless =
        Stream.concat(table.notYetFinished.stream(), table.untrusted.stream())
            .collect(Collectors.toUnmodifiableSet());
    unaryModelName = table.unaryModelName;
    streamModelName = table.streamModelName;
    modelVersion = table.modelVersion;
    rank = table.batchDimension ? 2 : 1;
    decoupled = table.decoupled;
    foldsFromStream = table.foldsFromStream;
    modelInfoName = table.modelInfoName;
    modelInfoOutput = table.modelInfoOutput;
    embeddings = table.embeddings;
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
  public boolean foldsFromStream() {
    return foldsFromStream;
  }

  @Override
  public InferCall encode(Generation generation) {
    List<Tensor> tensors = new ArrayList<>(inputs.size() + constants.size());
    for (DialectBuilder.InputRow row : inputs) {
      Object value = generation.value(row.field());
      if (value == null) {
        value = row.whenAbsent();
      }
      if (value != null) {
        tensors.add(Scalars.encode(row.tensor(), row.datatype(), rank, value));
      }
    }
    tensors.addAll(constants);
    boolean stream = generation.stream();
    String named = stream ? streamModelName : unaryModelName;
    return InferCall.of(
        stream || decoupled ? Rpc.MODEL_STREAM_INFER : Rpc.MODEL_INFER,
        InferRequest.of(
            named == null ? generation.modelName() : named, version(generation), tensors));
  }

  @Override
  public GenerationDelta decode(InferResponse response) {
    if (response.outputs().isEmpty()) {
      throw new DialectException("The model server answered without any output tensor.");
    }
    ByteBuffer text = null;
    boolean known = false;
    String finishReason = null;
    Integer promptTokens = null;
    Integer completionTokens = null;
    for (Tensor tensor : response.outputs()) {
      DialectBuilder.OutputRow row = outputs.get(tensor.name());
      if (row == null) {
        continue;
      }
      known = true;
      switch (row.field()) {
        case TEXT -> text = text == null ? Scalars.bytes(tensor) : text;
        case FINISH_REASON -> finishReason = finishReason(tensor);
        case PROMPT_TOKENS -> promptTokens = Scalars.count(tensor);
        case COMPLETION_TOKENS -> completionTokens = Scalars.count(tensor);
        case EMBEDDING -> {} // no part of a text
      }
    }
    if (!known) {
      throw unexpected(response);
    }
    return new GenerationDelta(
        text == null ? NO_TEXT : text, finishReason, promptTokens, completionTokens);
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

  private @Nullable String finishReason(Tensor tensor) {
    String word = StandardCharsets.UTF_8.decode(Scalars.bytes(tensor)).toString();
    return meaningless.contains(word) ? null : word;
  }

  private DialectException unexpected(InferResponse response) {
    List<String> expected =
        outputs.values().stream()
            .filter(row -> row.field() == ResponseField.TEXT)
            .map(DialectBuilder.OutputRow::tensor)
            .sorted()
            .toList();
    return new DialectException(
        "The model server answered with the tensors %s; expected one of %s."
            .formatted(response.outputs().stream().map(Tensor::name).toList(), expected));
  }
}
