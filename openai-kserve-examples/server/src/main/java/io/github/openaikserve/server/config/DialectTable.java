package io.github.openaikserve.server.config;

import io.github.openaikserve.dialect.Activation;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.DialectBuilder;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.InputBuilder;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.openai.EmbeddingInput;
import io.github.openaikserve.openai.audio.SpeechFormat;
import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import io.github.openaikserve.server.options.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A dialect as a table of tensors, with the options of {@link Dialect#builder}. Immutable. */
record DialectTable(
    Optional<Capability> anyserve,
    String name,
    List<Input> inputs,
    List<ConstantTensor> constants,
    List<Output> outputs,
    Map<String, Value> parameters,
    Map<String, String> metadata,
    Optional<ModelNames> modelNames,
    @Setting(min = 0) Optional<String> modelVersion,
    Streams streams,
    boolean unwrappedStreams,
    boolean batchDimension,
    boolean cumulativeText,
    boolean cumulativeTokens,
    boolean promptInOutput,
    boolean aggregateFromStream,
    boolean foldsToStop,
    boolean knowsEndTokens,
    Optional<String> finalParameter,
    @Setting(min = 0) List<String> runningFinishReasons,
    @Setting(min = 0) List<String> unreliableFinishReasons,
    Activation activation,
    @Setting(max = EmbeddingInput.MAX_SIZE) Optional<Integer> maxBatch,
    Optional<Integer> sampleRate,
    SpeechFormat audioFormat) {
  enum Streams {
    WHEN_WANTED,
    ALWAYS,
    NEVER
  }

  record Capability(
      Optional<String> type,
      Optional<String> streamType,
      @Setting(min = 0) Optional<String> model) {
    Capability {
      if (type.isEmpty() && streamType.isEmpty()) {
        throw new Mistake("", "'type' is missing");
      }
    }

    Dialect dialect() {
      DialectBuilder table =
          Dialects.anyServe(type.orElse(""), streamType.orElse(""), model.orElse(""));
      if (streamType.isEmpty()) {
        table.unary();
      } else if (type.isEmpty()) {
        table.decoupled();
      }
      return table.build();
    }
  }

  record Input(
      String tensor,
      @Setting(type = ConstantTensor.Datatypes.class) Optional<Datatype> datatype,
      Optional<RequestField> field,
      Optional<Value> whenAbsent,
      List<String> aliases,
      Map<String, Value> parameters,
      @Setting(type = JsonField.Keys.class) Map<String, RequestField> json) {
    Input {
      if (json.isEmpty() && (datatype.isEmpty() || field.isEmpty())) {
        throw new Mistake("", (datatype.isEmpty() ? "'datatype'" : "'field'") + " is missing");
      }
    }

    DialectBuilder addTo(DialectBuilder table) {
      if (!json.isEmpty()) {
        return table.inputJson(
            tensor, keys -> json.forEach((key, named) -> keys.field(key, named)));
      }
      Datatype type = datatype.orElseThrow();
      return table.input(tensor, type, field.orElseThrow(), input -> more(input, type));
    }

    private void more(InputBuilder input, Datatype type) {
      whenAbsent.map(value -> ConstantTensor.element(value, type)).ifPresent(input::whenAbsent);
      input.aliases(aliases.toArray(String[]::new));
      parameters.forEach((name, value) -> input.parameter(name, parameter(value)));
    }
  }

  record Output(String tensor, ResponseField field, Optional<String> jsonKey) {
    DialectBuilder addTo(DialectBuilder table) {
      return jsonKey.isPresent()
          ? table.outputJson(tensor, jsonKey.get(), field)
          : table.output(tensor, field);
    }
  }

  record ModelNames(Optional<String> unary, Optional<String> stream) {
    ModelNames {
      if (unary.isEmpty() && stream.isEmpty()) {
        throw new Mistake("", "'unary' is missing");
      }
    }
  }

  Dialect dialect() {
    if (anyserve.isPresent()) {
      return anyserve.get().dialect();
    }
    DialectBuilder table = Dialect.builder(name);
    ConstantTensor.rows("inputs", inputs, input -> input.addTo(table));
    constants.forEach(constant -> table.constant(constant.tensorOfValue()));
    ConstantTensor.rows("outputs", outputs, output -> output.addTo(table));
    parameters.forEach((key, value) -> parameter(table, key, value));
    metadata.forEach(table::metadata);
    modelNames.ifPresent(
        names -> table.modelNames(names.unary().orElse(""), names.stream().orElse("")));
    modelVersion.ifPresent(table::modelVersion);
    finalParameter.ifPresent(table::finalParameter);
    table.runningFinishReasons(runningFinishReasons.toArray(String[]::new));
    table.unreliableFinishReasons(unreliableFinishReasons.toArray(String[]::new));
    table.activation(activation);
    maxBatch.ifPresent(table::maxBatch);
    sampleRate.ifPresent(table::sampleRate);
    table.audioFormat(audioFormat);
    addSwitches(table);
    return table.build();
  }

  private void addSwitches(DialectBuilder table) {
    when(streams == Streams.ALWAYS, table::decoupled);
    when(streams == Streams.NEVER, table::unary);
    when(unwrappedStreams, table::unwrappedStreams);
    when(batchDimension, table::batchDimension);
    when(cumulativeText, table::cumulativeText);
    when(cumulativeTokens, table::cumulativeTokens);
    when(promptInOutput, table::promptInOutput);
    when(aggregateFromStream, table::aggregateFromStream);
    when(foldsToStop, table::foldsToStop);
    when(knowsEndTokens, table::knowsEndTokens);
  }

  private static void when(boolean set, Runnable action) {
    if (set) {
      action.run();
    }
  }

  private static void parameter(DialectBuilder table, String name, Value value) {
    if (value.isScalar()) {
      table.parameter(name, parameter(value));
    } else {
      table.parameter(name, JsonField.of(value));
    }
  }

  private static InferParameter parameter(Value value) {
    if (value.isFlag()) {
      return InferParameter.of(value.flag());
    }
    return value.isInteger()
        ? InferParameter.of(value.integer(Long.MIN_VALUE, Long.MAX_VALUE))
        : InferParameter.of(value.text());
  }
}
