package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.dialect.Table.StreamingMode;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The checks of a table: by itself, and against a model's metadata. */
final class TableCheck {
  private final Table table;
  private final ModelDescription model;
  private final boolean lenient;
  private final List<String> problems = new ArrayList<>();

  TableCheck(Table table, ModelDescription model) {
    this.table = table;
    this.model = model;
    this.lenient = table.acceptsUndeclaredInputs;
  }

  /** Returns the rule that a table breaks, as a predicate after the dialect's name. */
  static Optional<String> brokenRule(Table table) {
    if (table.carries(RequestField.N)) {
      return Optional.of("has an input for n");
    }
    if (isForGenerations(table) && !table.carries(RequestField.PROMPT)) {
      return Optional.of(
          "has no main input: add a row for a prompt, for texts to embed, score or classify, for"
              + " audio or for a text to speak");
    }
    boolean served =
        table.serves(RequestKind.EMBEDDING) || table.serves(RequestKind.CLASSIFICATION);
    if (table.takes(RequestKind.CLASSIFICATION) && !served) {
      return Optional.of("has no output for the vectors, or for the scores of classes");
    }
    if (hasPairs(table) && !table.takes(RequestKind.SCORE)) {
      return Optional.of("has no input for the query");
    }
    return Stream.of(
            RequestKind.COMPLETION,
            RequestKind.SCORE,
            RequestKind.TRANSCRIPTION,
            RequestKind.SPEECH)
        .filter(kind -> table.takes(kind) && !table.serves(kind))
        .findFirst()
        .map(kind -> "has no output for " + kind.answer())
        .or(() -> foreignField(table));
  }

  /** Returns the error for a field that only generations use, in a table without generations. */
  private static Optional<String> foreignField(Table table) {
    return table.carried.stream()
        .filter(field -> !isForGenerations(table) && field != RequestField.STREAM)
        .filter(RequestField::isOfGenerations)
        .findFirst()
        .map(field -> "does not generate text, but has an input for " + field);
  }

  /** Returns whether the table is for generations, by its rows or because it has no other use. */
  private static boolean isForGenerations(Table table) {
    boolean transcribes = table.takes(RequestKind.TRANSCRIPTION);
    boolean other =
        transcribes
            || table.takes(RequestKind.CLASSIFICATION)
            || table.takes(RequestKind.SPEECH)
            || table.serves(RequestKind.EMBEDDING)
            || hasPairs(table);
    return !other
        || table.carries(RequestField.PROMPT)
        || (table.gives(ResponseField.TEXT) && !transcribes);
  }

  private static boolean hasPairs(Table table) {
    return table.carries(RequestField.DOCUMENTS) || table.carries(RequestField.TEXT_PAIRS);
  }

  /** Returns the problems; empty for none, or if the server reports nothing. */
  List<String> problems() {
    if (!model.inputs().isEmpty()) {
      table.inputs.values().forEach(this::checkInput);
      if (!lenient) {
        table.constants.values().forEach(this::checkConstant);
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
    RequestKind kind =
        Stream.of(
                RequestKind.COMPLETION,
                RequestKind.EMBEDDING,
                RequestKind.TRANSCRIPTION,
                RequestKind.SPEECH)
            .filter(table::serves)
            .findFirst()
            .orElse(RequestKind.SCORE);
    List<String> declared = names(model.outputs());
    List<String> own =
        kind.outputs().stream().flatMap(field -> table.outputs(field).stream()).toList();
    if (own.stream().noneMatch(declared::contains)) {
      problems.add(
          "none of the output tensors %s for %s is declared by the model, whose outputs are %s"
              .formatted(own, kind.answer(), declared));
    }
  }

  private void checkConfig(ModelConfig config) {
    Set<String> sent = new HashSet<>();
    table.inputs.values().stream()
        .filter(InputRow::alwaysSent)
        .forEach(row -> sent.add(row.name()));
    sent.addAll(table.constants.keySet());
    for (String required : config.requiredInputs()) {
      if (!sent.contains(required)) {
        problems.add(
            "input tensor '%s' is required by the model and not sent with every request%s"
                .formatted(required, remedy(required)));
      }
    }
    if (model.isTriton() && config.decoupled() && table.streamingMode != StreamingMode.ALWAYS) {
      problems.add(
          "the model is decoupled and answers only streaming calls, but the dialect uses unary"
              + " calls");
    }
  }

  /** Returns advice for a required row that is not sent with every request. */
  private String remedy(String required) {
    return table.inputs.values().stream().anyMatch(row -> row.name().equals(required))
        ? "; set when_absent for its row, so that it is always sent"
        : "";
  }

  private static List<String> names(List<TensorMetadata> tensors) {
    return tensors.stream().map(TensorMetadata::name).toList();
  }
}
