package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.dialect.Row.Property;
import io.github.openaikserve.dialect.Row.StreamingMode;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a dialect whose conditions are true for one model, or for an unknown model.
 * Immutable.
 */
final class Table {
  final List<InputRow> inputs;
  final List<Tensor> constants;
  final Map<String, OutputRow> outputs = new LinkedHashMap<>();
  final Map<String, InferParameter> parameters = new LinkedHashMap<>();
  final List<Row.FieldParameter> fieldParameters = new ArrayList<>();
  final Map<String, String> headers = new LinkedHashMap<>();
  final Set<String> ignoredReasons = new LinkedHashSet<>(Set.of(""));
  final List<Dialect> others = new ArrayList<>();
  final Set<RequestField> carried = EnumSet.noneOf(RequestField.class);
  final int rank;
  private final Map<Property, Object> properties = new EnumMap<>(Property.class);

  private Table(Collection<InputRow> inputs, Collection<Tensor> constants, Table other, int rank) {
    this.inputs = List.copyOf(inputs);
    this.rank = rank;
    this.constants = constants.stream().map(tensor -> shaped(tensor, rank)).toList();
    outputs.putAll(other.outputs);
    parameters.putAll(other.parameters);
    fieldParameters.addAll(other.fieldParameters);
    headers.putAll(other.headers);
    ignoredReasons.addAll(other.ignoredReasons);
    others.addAll(other.others);
    properties.putAll(other.properties);
    inputs.forEach(row -> row.fields().forEach(carried::add));
    fieldParameters.forEach(row -> carried.add(row.field()));
  }

  private Table(List<Row.Conditional> rows, @Nullable ModelDescription model) {
    inputs = List.of();
    constants = List.of();
    rank = 1;
    rows.stream().filter(row -> row.when() == Condition.ALWAYS).forEach(row -> set(row.row()));
    rows.stream()
        .filter(row -> row.when() != Condition.ALWAYS && row.when().holds(model))
        .forEach(row -> set(row.row()));
  }

  private void set(Row row) {
    if (row instanceof Row.Setting setting) {
      properties.put(setting.property(), setting.value());
    } else if (row instanceof Row.Header header) {
      headers.put(header.name(), header.value());
    } else if (row instanceof Row.Parameter parameter) {
      parameters.put(parameter.name(), parameter.value());
    } else if (row instanceof Row.FieldParameter parameter) {
      fieldParameters.add(parameter);
    } else if (row instanceof Row.IgnoredReason reason) {
      ignoredReasons.add(reason.word());
    } else if (row instanceof Row.Other other) {
      others.add(0, other.dialect()); // a later row takes precedence over an earlier one
    } else if (row instanceof OutputRow output) {
      outputs.put(output.tensor(), output);
    }
  }

  /**
   * Returns the table for a model, with the names, types and ranks that the model declares; for the
   * server's newest release if no model is given.
   */
  static Table of(List<Row.Conditional> rows, @Nullable ModelDescription described) {
    boolean declares = described != null && !described.inputs().isEmpty();
    ModelDescription model = declares ? described : null;
    var table = new Table(rows, model);
    Map<List<String>, InputRow> inputs = new LinkedHashMap<>();
    Map<String, Tensor> constants = new LinkedHashMap<>();
    for (Row.Conditional row : rows) {
      if (row.when().holds(model)) {
        if (row.row() instanceof InputRow.Single single) {
          inputs.put(List.of(single.name(), single.field().name()), single);
        } else if (row.row() instanceof InputRow.Json json) {
          inputs.put(List.of(json.name()), json.of(model));
        } else if (row.row() instanceof Row.Fixed fixed) {
          constants.put(fixed.tensor().name(), fixed.tensor());
        }
      }
    }
    int rank = table.is(Property.BATCH_DIMENSION) ? 2 : 1;
    return model == null
        ? new Table(inputs.values(), constants.values(), table, rank)
        : table.declared(inputs.values(), constants.values(), model, rank);
  }

  /** Returns the table restricted to the inputs that the model declares. */
  private Table declared(
      Collection<InputRow> rows, Collection<Tensor> fixed, ModelDescription model, int rank) {
    List<InputRow> inputs = new ArrayList<>();
    rows.forEach(row -> inputs.add(declared(row, model)));
    List<Tensor> constants = new ArrayList<>(fixed);
    if (!is(Property.TAKES_UNDECLARED_INPUTS)) {
      inputs.removeIf(row -> !row.isEssential() && !model.declaresInput(row.name()));
      constants.removeIf(tensor -> !model.declaresInput(tensor.name()));
    }
    inputs.removeIf(row -> isTooSmallForStops(row, model));
    return new Table(inputs, constants, this, rank(inputs, model, rank));
  }

  /** Returns the row with the name and type that the model declares. */
  private static InputRow declared(InputRow row, ModelDescription model) {
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

  /**
   * Returns whether the row is for stop sequences but accepts only one. Templates imply several,
   * and this library cuts at all of them itself.
   */
  private static boolean isTooSmallForStops(InputRow row, ModelDescription model) {
    return row instanceof InputRow.Single single
        && single.field() == RequestField.STOP
        && model
            .input(row.name())
            .map(TensorMetadata::shape)
            .filter(shape -> !shape.isEmpty() && shape.get(shape.size() - 1) == 1)
            .isPresent();
  }

  /**
   * Returns the rank of all tensors, which is that of the prompt, because a batch dimension applies
   * to the whole model.
   */
  private static int rank(List<InputRow> inputs, ModelDescription model, int unless) {
    return inputs.stream()
        .filter(InputRow::isEssential)
        .flatMap(row -> model.input(row.name()).stream())
        .map(tensor -> tensor.shape().size())
        .filter(rank -> rank == 1 || rank == 2)
        .findFirst()
        .orElse(unless);
  }

  private static Tensor shaped(Tensor constant, int rank) {
    if (constant.size() != 1) {
      return constant;
    }
    return rank == 1 ? constant.withShape(1) : constant.withShape(1, 1);
  }

  boolean is(Property property) {
    return Boolean.TRUE.equals(properties.get(property));
  }

  /** Returns a text property; {@code unless} if it is not set. */
  String text(Property property, String unless) {
    return (String) properties.getOrDefault(property, unless);
  }

  /** Returns a property of any type; null if it is not set. */
  @Nullable Object value(Property property) {
    return properties.get(property);
  }

  int number(Property property, int unless) {
    return (Integer) properties.getOrDefault(property, unless);
  }

  StreamingMode streamUse() {
    return (StreamingMode) properties.getOrDefault(Property.STREAM_USE, StreamingMode.WHEN_WANTED);
  }

  /** Returns whether there are rows for the prompt and for the text. */
  boolean generates() {
    return carried.contains(RequestField.PROMPT) && gives(ResponseField.TEXT);
  }

  /** Returns whether there are rows for the main inputs of such requests and for their answer. */
  boolean serves(RequestKind kind) {
    return switch (kind) {
      case CHAT, COMPLETION -> generates();
      case EMBEDDING ->
          (takesTexts() || carried.contains(RequestField.IMAGES)) && gives(ResponseField.EMBEDDING);
      case SCORE ->
          takesPairs() && (gives(ResponseField.SCORE) || gives(ResponseField.CLASS_SCORES));
      case CLASSIFICATION -> takesTexts() && gives(ResponseField.CLASS_SCORES);
      case TRANSCRIPTION -> carried.contains(RequestField.AUDIO_FILE) && gives(ResponseField.TEXT);
      case SPEECH -> carried.contains(RequestField.SPEECH_TEXT) && gives(ResponseField.AUDIO);
    };
  }

  /** Returns whether there is a row for texts to embed or to classify. */
  boolean takesTexts() {
    return carried.contains(RequestField.INPUT) || carried.contains(RequestField.INPUT_TOKENS);
  }

  /** Returns whether there are rows for pairs of texts. */
  boolean takesPairs() {
    boolean queries =
        carried.contains(RequestField.QUERY) || carried.contains(RequestField.QUERIES);
    return carried.contains(RequestField.TEXT_PAIRS)
        || (carried.contains(RequestField.DOCUMENTS) && queries);
  }

  /** Returns the output tensors for a field, in the order of their rows. */
  List<String> outputs(ResponseField field) {
    return outputs.values().stream()
        .filter(row -> row.field() == field)
        .map(OutputRow::tensor)
        .toList();
  }

  /** Returns whether there is an output tensor for a field. */
  boolean gives(ResponseField field) {
    return !outputs(field).isEmpty();
  }
}
