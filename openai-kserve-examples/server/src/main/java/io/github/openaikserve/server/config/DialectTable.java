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

/** A dialect as a table of tensors, which is what {@link Dialect#builder} takes. Immutable. */
record DialectTable(
    @Setting("Instead of a table: the capability of an AnyServe worker.")
        Optional<Capability> anyserve,
    @Setting(value = "Name for logs.", initial = "configured") String name,
    @Setting("Input tensors.") List<Input> inputs,
    @Setting("Tensors with the same value in every request.") List<ConstantTensor> constants,
    @Setting("Output tensors.") List<Output> outputs,
    @Setting("Parameters of every request: a value, or `{field: ...}`.")
        Map<String, Value> parameters,
    @Setting("Headers of every call.") Map<String, String> metadata,
    @Setting("Names by which the two procedures are called.") Optional<ModelNames> modelNames,
    @Setting(value = "Version that is sent.", min = 0) Optional<String> modelVersion,
    @Setting(
            value =
                "Whether answers are streamed: `when_wanted`, `always` (a decoupled model), `never`.",
            initial = "when_wanted")
        Streams streams,
    @Setting("Streams have MLServer's shape.") boolean bareStreams,
    @Setting("Tensors have the shape `[1, 1]`.") boolean batchDimension,
    @Setting("Each response has all of the text so far.") boolean cumulativeText,
    @Setting("Each response counts all tokens so far.") boolean cumulativeTokens,
    @Setting("The text begins with the prompt.") boolean echoesPrompt,
    @Setting("Whole answers are requested as streams too.") boolean foldsFromStream,
    @Setting(
            "Whole answers with stop sequences are requested as streams, which the library ends"
                + " where it cuts.")
        boolean foldsToStop,
    @Setting(
            "The server stops at the model's end tokens, so that those of a chat template are not"
                + " sent as stop sequences.")
        boolean knowsEndTokens,
    @Setting("Parameter that marks the last response.") Optional<String> finalParameter,
    @Setting(value = "Finish reasons that mean that the answer continues.", min = 0)
        List<String> notYetFinished,
    @Setting(value = "Finish reasons that are ignored.", min = 0) List<String> untrusted,
    @Setting(
            value =
                "What makes probabilities of the numbers that the model scores or classifies with:"
                    + " `none`, `sigmoid`, `softmax`.",
            initial = "none")
        Activation activation,
    @Setting(
            value = "Texts or pairs of one call that is answered by tensors.",
            max = EmbeddingInput.MAX_SIZE)
        Optional<Integer> maxBatch,
    @Setting("Samples a second, where spoken audio is samples.") Optional<Integer> sampleRate,
    @Setting(
            value =
                "Encoding of spoken audio, where it is a file: `wav`, `mp3`, `opus`, `aac`, `flac`,"
                    + " `pcm`.",
            initial = "wav")
        SpeechFormat audioFormat) {
  /** When answers come as streams. */
  enum Streams {
    WHEN_WANTED,
    ALWAYS,
    NEVER
  }

  /** A capability of an AnyServe worker. */
  record Capability(
      @Setting("Type of the capability that answers `ModelInfer`.") Optional<String> type,
      @Setting(
              "Type of the capability that streams; leave out the one of the two that does not"
                  + " exist.")
          Optional<String> streamType,
      @Setting(value = "The `model` attribute of both.", min = 0) Optional<String> model) {
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

  /** An input tensor. */
  record Input(
      @Setting("Name of the tensor.") String tensor,
      @Setting(value = "`BYTES`, `INT32`, `FP32`, ...", type = ConstantTensor.Datatypes.class)
          Optional<Datatype> datatype,
      @Setting(
              "Request field in the tensor: OpenAI's, such as `prompt` or `max_tokens`; `query` and"
                  + " `documents` score, `input` classifies or embeds, `audio_file` is transcribed,"
                  + " `speech_text` is spoken.")
          Optional<RequestField> field,
      @Setting("Value for requests without the field; without it the tensor is not sent.")
          Optional<Value> whenAbsent,
      @Setting("Names of the tensor in other versions.") List<String> aliases,
      @Setting("Parameters of the tensor.") Map<String, Value> parameters,
      @Setting(
              value =
                  "Instead of datatype and field: the keys of a JSON object, each with its field.",
              type = JsonField.Keys.class)
          Map<String, RequestField> json) {
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

  /** An output tensor. */
  record Output(
      @Setting("Name of the tensor.") String tensor,
      @Setting(
              "`text`, `finish_reason`, `prompt_tokens`, `completion_tokens` or `logprobs`; `score`,"
                  + " `class_scores`, `labels` or `embedding`; `audio`, `language`, `duration`,"
                  + " `segments` or `words`.")
          ResponseField field,
      @Setting("Key, where the tensor holds a JSON object.") Optional<String> jsonKey) {
    DialectBuilder addTo(DialectBuilder table) {
      return jsonKey.isPresent()
          ? table.outputJson(tensor, jsonKey.get(), field)
          : table.output(tensor, field);
    }
  }

  /** The names of a model. */
  record ModelNames(
      @Setting("Name for `ModelInfer`; left out if there is only a stream.") Optional<String> unary,
      @Setting("Name for `ModelStreamInfer`; left out if there is no stream.")
          Optional<String> stream) {
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
    for (int i = 0; i < inputs.size(); i++) {
      Input input = inputs.get(i);
      ConstantTensor.row("inputs", i, () -> input.addTo(table));
    }
    constants.forEach(constant -> table.constant(constant.tensorOfValue()));
    for (int i = 0; i < outputs.size(); i++) {
      Output output = outputs.get(i);
      ConstantTensor.row("outputs", i, () -> output.addTo(table));
    }
    parameters.forEach((key, value) -> parameter(table, key, value));
    metadata.forEach(table::metadata);
    modelNames.ifPresent(
        names -> table.modelNames(names.unary().orElse(""), names.stream().orElse("")));
    modelVersion.ifPresent(table::modelVersion);
    finalParameter.ifPresent(table::finalParameter);
    table.notYetFinished(notYetFinished.toArray(String[]::new));
    table.untrusted(untrusted.toArray(String[]::new));
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
    when(bareStreams, table::bareStreams);
    when(batchDimension, table::batchDimension);
    when(cumulativeText, table::cumulativeText);
    when(cumulativeTokens, table::cumulativeTokens);
    when(echoesPrompt, table::echoesPrompt);
    when(foldsFromStream, table::foldsFromStream);
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
