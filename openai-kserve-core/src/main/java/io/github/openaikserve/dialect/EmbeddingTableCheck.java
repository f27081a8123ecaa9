package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Holds a table for embeddings against what a model declares. */
final class EmbeddingTableCheck {
  private EmbeddingTableCheck() {}

  /** What is wrong, in plain words; empty where nothing is, or the server tells nothing. */
  static List<String> problems(
      List<EmbeddingDialectBuilder.InputRow> inputs,
      Map<String, ResponseField> outputs,
      ModelDescription model) {
    List<String> problems = new ArrayList<>();
    if (!model.inputs().isEmpty()) {
      inputs.forEach(row -> checkInput(row, model, problems));
    }
    List<String> vectors =
        outputs.keySet().stream()
            .filter(name -> outputs.get(name) == ResponseField.EMBEDDING)
            .toList();
    List<String> declared = names(model.outputs());
    if (!declared.isEmpty() && vectors.stream().noneMatch(declared::contains)) {
      problems.add(
          "none of the output tensors %s for the vectors is declared by the model, whose outputs are %s"
              .formatted(vectors, declared));
    }
    List<String> sent = inputs.stream().map(EmbeddingDialectBuilder.InputRow::tensor).toList();
    model.config().map(ModelConfig::requiredInputs).orElse(List.of()).stream()
        .filter(required -> !sent.contains(required))
        .forEach(
            required ->
                problems.add("input tensor '%s' is required by the model".formatted(required)));
    return problems;
  }

  private static void checkInput(
      EmbeddingDialectBuilder.InputRow row, ModelDescription model, List<String> problems) {
    TensorMetadata declared = model.input(row.tensor()).orElse(null);
    if (declared == null) {
      problems.add(
          "input tensor '%s' (%s) is not declared by the model, whose inputs are %s"
              .formatted(row.tensor(), row.field().jsonName(), names(model.inputs())));
    } else if (!declared.datatype().equals(row.datatype().name())) {
      problems.add(
          "input tensor '%s' is sent as %s, but the model declares %s"
              .formatted(row.tensor(), row.datatype(), declared.datatype()));
    }
  }

  private static List<String> names(List<TensorMetadata> tensors) {
    return tensors.stream().map(TensorMetadata::name).toList();
  }
}
