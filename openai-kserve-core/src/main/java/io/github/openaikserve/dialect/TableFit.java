package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A table as one model declares its tensors. */
final class TableFit {
  /** Before it, the server could use memory it had freed. Fixed in c1b7cb73c of its repository. */
  private static final int SAFE_ERROR_CODES_MINOR = 68;

  private TableFit() {}

  static DialectBuilder of(DialectBuilder table, ModelDescription model) {
    DialectBuilder fitted = table.copy();
    if (model.isTriton() && model.config().isPresent()) {
      fitted.streamUse =
          model.config().map(ModelConfig::decoupled).orElse(false)
              ? StreamUse.ALWAYS
              : StreamUse.NEVER;
    }
    if (model.isTritonSince(2, SAFE_ERROR_CODES_MINOR)) {
      // The code of an error in a stream is lost unless it is asked for.
      fitted.metadata("triton_grpc_error", "true");
    }
    if (!model.inputs().isEmpty()) {
      fitted.inputs.clear();
      table.inputs.forEach(row -> fitted.inputs.add(row(row, model)));
      if (!table.takesUndeclaredInputs) {
        fitted.inputs.removeIf(row -> isOptional(row) && !model.declaresInput(row.name()));
        fitted.constants.removeIf(tensor -> !model.declaresInput(tensor.name()));
      }
      fitted.inputs.removeIf(row -> isTooSmallForStops(row, model));
      fitted.batchDimension = rank(fitted.inputs, model, table.batchDimension ? 2 : 1) == 2;
      table.whenFitted.accept(fitted, model);
    }
    return fitted;
  }

  /** The row under the name and type by which the model knows it. */
  private static InputRow row(InputRow row, ModelDescription model) {
    for (String name : row.names()) {
      Optional<TensorMetadata> declared = model.input(name);
      if (declared.isPresent()) {
        Datatype datatype =
            declared
                .flatMap(Declared::datatype)
                .filter(found -> Declared.compatible(row.datatype(), found))
                .orElse(row.datatype());
        return row.declaredAs(name, datatype);
      }
    }
    return row;
  }

  private static boolean isOptional(InputRow row) {
    return row.fields().noneMatch(field -> field == RequestField.PROMPT);
  }

  /**
   * Whether it is for stop sequences and takes just one: a template implies several, and the
   * library cuts at all of them by itself.
   */
  private static boolean isTooSmallForStops(InputRow row, ModelDescription model) {
    return row.fields().anyMatch(field -> field == RequestField.STOP)
        && row instanceof InputRow.Single
        && model
            .input(row.name())
            .map(TensorMetadata::shape)
            .filter(shape -> !shape.isEmpty() && shape.get(shape.size() - 1) == 1)
            .isPresent();
  }

  /** The rank of the prompt is that of all: a batch dimension is the model's. */
  private static int rank(List<InputRow> inputs, ModelDescription model, int unless) {
    List<String> prompts = new ArrayList<>();
    for (InputRow row : inputs) {
      if (!isOptional(row)) {
        prompts.add(row.name());
      }
    }
    return prompts.stream()
        .flatMap(name -> model.input(name).stream())
        .map(tensor -> tensor.shape().size())
        .filter(rank -> rank == 1 || rank == 2)
        .findFirst()
        .orElse(unless);
  }
}
