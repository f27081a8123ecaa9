package io.github.openaikserve.dialect;

import static io.github.openaikserve.dialect.RequestField.PROMPT;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.kserve.TensorMetadata;
import io.github.openaikserve.openai.audio.SpeechFormat;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a dialect whose conditions are true for one model, or for an unknown model. Only rows
 * change a table, while it is created.
 */
final class Table {
  /** A row: what it adds to the table of a model for which the condition is true. */
  record Row(Condition when, Consumer<Table> content) {}

  /**
   * An output tensor.
   *
   * @param jsonKey the key of the JSON object in the tensor; empty for the whole JSON value; null
   *     if the tensor is not JSON
   */
  record Output(String tensor, ResponseField field, @Nullable String jsonKey) {}

  /** A request parameter with the converted value of a field. */
  record FieldParameter(String name, RequestField field, Function<Object, InferParameter> form) {}

  /** The calls for which a stream is used. */
  enum StreamingMode {
    /** Calls whose responses are wanted as they are generated. */
    WHEN_WANTED,
    /** All calls. */
    ALWAYS,
    /** No calls: the model has only whole answers. */
    NEVER
  }

  /**
   * The default batch size. Commonly served models accept it, and the vectors take at most a
   * megabyte.
   */
  static final int DEFAULT_BATCH = 32;

  final Map<List<Object>, InputRow> inputs = new LinkedHashMap<>();
  final Map<String, Tensor> constants = new LinkedHashMap<>();
  final Map<String, Output> outputs = new LinkedHashMap<>();
  final Map<String, InferParameter> parameters = new LinkedHashMap<>();
  final List<FieldParameter> fieldParameters = new ArrayList<>();
  final Map<String, String> headers = new LinkedHashMap<>();
  final Set<String> ignoredReasons = new LinkedHashSet<>(Set.of(""));

  /** The dialects with which the same server serves other kinds of requests, the last one first. */
  final List<Dialect> others = new ArrayList<>();

  String description = "";
  Condition recognizedBy = Condition.NEVER;
  StreamingMode streamingMode = StreamingMode.WHEN_WANTED;
  boolean unwrappedStreams;
  boolean acceptsUndeclaredInputs;
  boolean batchDimension;
  boolean promptInOutput;
  boolean cumulativeText;
  boolean cumulativeTokens;
  boolean aggregatesFromStream;
  boolean aggregatesToStop;
  boolean knowsEndTokens;
  String finalParameter = "";
  @Nullable String unaryModelName;
  @Nullable String streamModelName;
  String modelVersion = "";
  String modelInfoName = "";
  String modelInfoOutput = "";
  int maxBatch = DEFAULT_BATCH;
  int maxConcurrency = 4;
  OptionalInt dimensions = OptionalInt.empty();
  OptionalInt sampleRate = OptionalInt.empty();
  SpeechFormat audioFormat = SpeechFormat.WAV;
  Activation activation = Activation.NONE;

  /** All fields that have a tensor or a parameter. */
  final Set<RequestField> carried = EnumSet.noneOf(RequestField.class);

  /** The number of dimensions of the tensors. */
  final int rank;

  /**
   * Creates the table for a model, with the names, types and ranks that the model declares; for the
   * server's newest release if no model is given.
   */
  Table(List<Row> rows, @Nullable ModelDescription described) {
    boolean declares = described != null && !described.inputs().isEmpty();
    ModelDescription model = declares ? described : null;
    for (Row row : rows) {
      if (row.when().holds(model)) {
        row.content().accept(this);
      }
    }
    inputs.replaceAll((identity, row) -> row.of(model));
    if (model != null) {
      restrictTo(model);
    }
    rank = rank(model, batchDimension ? 2 : 1);
    constants.replaceAll((name, tensor) -> shaped(tensor));
    inputs.values().forEach(row -> row.fields().forEach(carried::add));
    fieldParameters.forEach(row -> carried.add(row.field()));
  }

  /** Keeps only the inputs that the model declares, with its names and types. */
  private void restrictTo(ModelDescription model) {
    inputs.replaceAll((identity, row) -> row.declaredBy(model));
    if (!acceptsUndeclaredInputs) {
      inputs.values().removeIf(row -> !row.isEssential() && !model.declaresInput(row.name()));
      constants.keySet().removeIf(name -> !model.declaresInput(name));
    }
    inputs.values().removeIf(row -> row.isTooSmallForStops(model));
  }

  /** Returns the declared datatype; empty if the protocol does not define it. */
  static Optional<Datatype> datatype(TensorMetadata tensor) {
    return Stream.of(Datatype.values())
        .filter(datatype -> datatype.name().equals(tensor.datatype()))
        .findFirst();
  }

  /** Returns whether single floating-point numbers can be sent as a type. */
  static boolean isFloat(Datatype datatype) {
    return datatype.isFloatingPoint() && datatype.hasTypedContents();
  }

  /**
   * Returns the rank of all tensors, which is that of the prompt, because a batch dimension applies
   * to the whole model.
   */
  private int rank(@Nullable ModelDescription model, int unless) {
    return inputs.values().stream()
        .filter(InputRow::isEssential)
        .flatMap(row -> Stream.ofNullable(model).flatMap(known -> known.input(row.name()).stream()))
        .map(tensor -> tensor.shape().size())
        .filter(size -> size == 1 || size == 2)
        .findFirst()
        .orElse(unless);
  }

  private Tensor shaped(Tensor constant) {
    if (constant.size() != 1) {
      return constant;
    }
    return rank == 1 ? constant.withShape(1) : constant.withShape(1, 1);
  }

  boolean carries(RequestField field) {
    return carried.contains(field);
  }

  /** Returns the output tensors for a field, in the order of their rows. */
  List<String> outputs(ResponseField field) {
    return outputs.values().stream()
        .filter(row -> row.field() == field)
        .map(Output::tensor)
        .toList();
  }

  /** Returns whether there is an output tensor for a field. */
  boolean gives(ResponseField field) {
    return !outputs(field).isEmpty();
  }

  /** Returns whether there are rows for the prompt and for the text. */
  boolean generates() {
    return serves(RequestKind.COMPLETION);
  }

  /** Returns whether there are rows for the main inputs of such requests and for their answer. */
  boolean serves(RequestKind kind) {
    return takes(kind) && kind.outputs().stream().anyMatch(this::gives);
  }

  /** Returns whether there are rows for the main inputs of such requests. */
  boolean takes(RequestKind kind) {
    return switch (kind) {
      case CHAT, COMPLETION -> carries(PROMPT);
      case EMBEDDING -> takes(RequestKind.CLASSIFICATION) || carries(RequestField.IMAGES);
      case CLASSIFICATION -> carries(RequestField.INPUT) || carries(RequestField.INPUT_TOKENS);
      case SCORE -> {
        boolean query = carries(RequestField.QUERY) || carries(RequestField.QUERIES);
        yield carries(RequestField.TEXT_PAIRS) || (carries(RequestField.DOCUMENTS) && query);
      }
      case TRANSCRIPTION -> carries(RequestField.AUDIO_FILE);
      case SPEECH -> carries(RequestField.SPEECH_TEXT);
    };
  }

  /** Returns whether a response is marked as the last one. It may have no outputs. */
  boolean isMarkedLast(InferResponse response) {
    return response.parameters().get(finalParameter) instanceof InferParameter.Bool last
        && last.value();
  }

  /** Returns the error for a response without an output for a field. */
  DialectException unexpected(InferResponse response, ResponseField wanted) {
    return new DialectException(
        "The model server answered with the tensors %s; expected one of %s."
            .formatted(
                response.outputs().stream().map(Tensor::name).toList(),
                outputs(wanted).stream().sorted().toList()));
  }
}
