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
    @Setting("Capability of an AnyServe worker, instead of a table.") Optional<Capability> anyserve,
    @Setting(value = "Name of the dialect in logs.", initial = "configured") String name,
    @Setting("Input tensors.") List<Input> inputs,
    @Setting("Tensors with the same value in every request.") List<ConstantTensor> constants,
    @Setting("Output tensors.") List<Output> outputs,
    @Setting("Parameters of every request, each with a value or `{field: NAME}`.")
        Map<String, Value> parameters,
    @Setting("Headers of every call.") Map<String, String> metadata,
    @Setting("Names of the model for the two RPCs.") Optional<ModelNames> modelNames,
    @Setting(value = "Model version in requests.", min = 0) Optional<String> modelVersion,
    @Setting(
            value =
                "When the model server streams: `when_wanted` by the client, `always` (a decoupled"
                    + " model) or `never`.",
            initial = "when_wanted")
        Streams streams,
    @Setting("Streams have MLServer's message type, without an envelope.") boolean unwrappedStreams,
    @Setting("Tensors have the shape `[1, 1]`, with a batch dimension.") boolean batchDimension,
    @Setting("Each response of a stream repeats the whole text so far.") boolean cumulativeText,
    @Setting("Each response of a stream counts all tokens so far.") boolean cumulativeTokens,
    @Setting("The output text starts with the prompt, which is removed.") boolean promptInOutput,
    @Setting("Request whole answers as streams too.") boolean aggregateFromStream,
    @Setting(
            "Request whole answers with stop sequences as streams, which end at the first stop"
                + " sequence.")
        boolean foldsToStop,
    @Setting(
            "The server stops at the model's end tokens, so the end tokens of a chat template are"
                + " not sent as stop sequences.")
        boolean knowsEndTokens,
    @Setting("Parameter that marks the last response.") Optional<String> finalParameter,
    @Setting(value = "Finish reasons that mean \"not finished\".", min = 0)
        List<String> runningFinishReasons,
    @Setting(value = "Finish reasons that are ignored.", min = 0)
        List<String> unreliableFinishReasons,
    @Setting(
            value =
                "Activation that turns the model's scores into probabilities: `none`, `sigmoid` or"
                    + " `softmax`.",
            initial = "none")
        Activation activation,
    @Setting(
            value =
                "Maximum number of texts or pairs in one call for embeddings, scores or classes.",
            max = EmbeddingInput.MAX_SIZE)
        Optional<Integer> maxBatch,
    @Setting("Sample rate of generated audio in Hz, if the model returns samples.")
        Optional<Integer> sampleRate,
    @Setting(
            value =
                "Encoding of generated audio, if the model returns a file: `wav`, `mp3`, `opus`,"
                    + " `aac`, `flac` or `pcm`.",
            initial = "wav")
        SpeechFormat audioFormat) {
  enum Streams {
    WHEN_WANTED,
    ALWAYS,
    NEVER
  }

  record Capability(
      @Setting("Type of the capability that answers `ModelInfer`; leave out if it does not exist.")
          Optional<String> type,
      @Setting("Type of the capability that answers streams; leave out if it does not exist.")
          Optional<String> streamType,
      @Setting(value = "Attribute `model` of both capabilities.", min = 0) Optional<String> model) {
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
      @Setting("Name of the tensor.") String tensor,
      @Setting(
              value = "Datatype, such as `BYTES`, `INT32` or `FP32`.",
              type = ConstantTensor.Datatypes.class)
          Optional<Datatype> datatype,
      @Setting(
              "Request field in the tensor: one of OpenAI's, such as `prompt` or `max_tokens`;"
                  + " `query` and `documents` for scores, `input` for classes and embeddings,"
                  + " `audio_file` for transcriptions, `speech_text` for speech.")
          Optional<RequestField> field,
      @Setting("Value for requests without the field (default: the tensor is not sent).")
          Optional<Value> whenAbsent,
      @Setting("Names of the tensor in other versions of the model.") List<String> aliases,
      @Setting("Parameters of the tensor.") Map<String, Value> parameters,
      @Setting(
              value =
                  "Keys of the tensor's JSON object, each with its field, instead of `datatype` and"
                      + " `field`.",
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

  record Output(
      @Setting("Name of the tensor.") String tensor,
      @Setting(
              "Response field in the tensor: `text`, `finish_reason`, `prompt_tokens`,"
                  + " `cached_tokens`, `completion_tokens` or `logprobs`; `score`, `class_scores`,"
                  + " `labels` or `embedding`; `audio`, `language`, `duration`, `segments` or"
                  + " `words`.")
          ResponseField field,
      @Setting("Key of the field, if the tensor has a JSON object.") Optional<String> jsonKey) {
    DialectBuilder addTo(DialectBuilder table) {
      return jsonKey.isPresent()
          ? table.outputJson(tensor, jsonKey.get(), field)
          : table.output(tensor, field);
    }
  }

  record ModelNames(
      @Setting("Name for `ModelInfer`; leave out if the model only streams.")
          Optional<String> unary,
      @Setting("Name for `ModelStreamInfer`; leave out if the model does not stream.")
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
