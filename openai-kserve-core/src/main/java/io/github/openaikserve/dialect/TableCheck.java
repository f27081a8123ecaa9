package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.dialect.Row.Property;
import io.github.openaikserve.dialect.Row.StreamingMode;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A check of a table against a model's metadata. */
final class TableCheck {
  private final Table table;
  private final ModelDescription model;
  private final boolean lenient;
  private final List<String> problems = new ArrayList<>();

  TableCheck(Table table, ModelDescription model) {
    this.table = table;
    this.model = model;
    this.lenient = table.is(Property.TAKES_UNDECLARED_INPUTS);
  }

  /** Returns the problems; empty for none, or if the server reports nothing. */
  List<String> problems() {
    if (!model.inputs().isEmpty()) {
      table.inputs.forEach(this::checkInput);
      if (!lenient) {
        table.constants.forEach(this::checkConstant);
      }
    }
    if (!model.outputs().isEmpty()) {
      checkOutputs();
    }
    model.config().ifPresent(this::checkConfig);
    return problems;
  }

  private void checkInput(InputRow row) {
    TensorMetadata declared = declared(row);
    if (declared == null) {
      if (lenient && !(row.isEssential() && table.generates())) {
        return;
      }
      problems.add(
          "input tensor '%s' (%s) is not declared by the model, whose inputs are %s"
              .formatted(
                  row.name(),
                  String.join(", ", row.fields().map(RequestField::jsonName).distinct().toList()),
                  names(model.inputs())));
      return;
    }
    if (!declared.datatype().equals(row.datatype().name())) {
      problems.add(
          "input tensor '%s' is sent as %s, but the model declares %s"
              .formatted(row.name(), row.datatype(), declared.datatype()));
    }
    checkRank(row.name(), declared);
  }

  /**
   * Returns the declared tensor of a row. Servers other than Triton accept all names of an input
   * and declare one of them.
   */
  private @Nullable TensorMetadata declared(InputRow row) {
    return (model.isTriton() ? List.of(row.name()) : row.names())
        .stream().flatMap(name -> model.input(name).stream()).findFirst().orElse(null);
  }

  private void checkConstant(Tensor constant) {
    model
        .input(constant.name())
        .ifPresentOrElse(
            declared -> checkRank(constant.name(), declared),
            () ->
                problems.add(
                    "input tensor '%s', which is sent with every request, is not declared by the"
                            .formatted(constant.name())
                        + " model, whose inputs are "
                        + names(model.inputs())));
  }

  /**
   * Checks the rank of a tensor. Texts to embed or score have their own dimension, which servers
   * declare in different ways.
   */
  private void checkRank(String tensor, TensorMetadata declared) {
    if (table.generates() && declared.shape().size() != table.rank && !declared.shape().isEmpty()) {
      problems.add(
          "input tensor '%s' is sent with %d dimensions, but the model declares the shape %s"
              .formatted(tensor, table.rank, declared.shape()));
    }
  }

  private void checkOutputs() {
    if (table.generates()) {
      checkOutput(List.of(ResponseField.TEXT), "the text");
    } else if (table.serves(RequestKind.EMBEDDING)) {
      checkOutput(List.of(ResponseField.EMBEDDING), "the vectors");
    } else if (table.serves(RequestKind.TRANSCRIPTION)) {
      checkOutput(List.of(ResponseField.TEXT), "the text");
    } else if (table.serves(RequestKind.SPEECH)) {
      checkOutput(List.of(ResponseField.AUDIO), "the audio");
    } else {
      checkOutput(List.of(ResponseField.SCORE, ResponseField.CLASS_SCORES), "the scores");
    }
  }

  private void checkOutput(List<ResponseField> fields, String what) {
    List<String> declared = names(model.outputs());
    List<String> own = fields.stream().flatMap(field -> table.outputs(field).stream()).toList();
    if (own.stream().noneMatch(declared::contains)) {
      problems.add(
          "none of the output tensors %s for %s is declared by the model, whose outputs are %s"
              .formatted(own, what, declared));
    }
  }

  private void checkConfig(ModelConfig config) {
    Set<String> sent = new HashSet<>();
    table.inputs.stream().filter(InputRow::alwaysSent).forEach(row -> sent.add(row.name()));
    table.constants.forEach(constant -> sent.add(constant.name()));
    for (String required : config.requiredInputs()) {
      if (!sent.contains(required)) {
        problems.add(
            "input tensor '%s' is required by the model and not sent with every request%s"
                .formatted(required, remedy(required)));
      }
    }
    if (model.isTriton() && config.decoupled() && table.streamUse() != StreamingMode.ALWAYS) {
      problems.add(
          "the model is decoupled and answers only streaming calls, but the dialect uses unary"
              + " calls");
    }
  }

  /** Returns advice for a required row that is not sent with every request. */
  private String remedy(String required) {
    return table.inputs.stream().anyMatch(row -> row.name().equals(required))
        ? "; set when_absent for its row, so that it is always sent"
        : "";
  }

  private static List<String> names(List<TensorMetadata> tensors) {
    return tensors.stream().map(TensorMetadata::name).toList();
  }
}
