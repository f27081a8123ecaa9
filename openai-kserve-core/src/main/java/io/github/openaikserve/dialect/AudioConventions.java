package io.github.openaikserve.dialect;

import static io.github.openaikserve.dialect.RequestField.*;
import static io.github.openaikserve.kserve.Datatype.*;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tensor names that audio models on unknown servers commonly use. A model is recognized only if
 * all its inputs are known, because a model with a prompt next to audio may be a chat model.
 */
record AudioConventions(
    RequestField input,
    List<String> inputs,
    Map<String, Option> options,
    ResponseField output,
    List<String> outputs,
    Map<String, ResponseField> reports) {
  /** The request field and the datatype of an optional input. */
  private record Option(RequestField field, Datatype datatype) {}

  static final AudioConventions TRANSCRIPTION =
      new AudioConventions(
          AUDIO_FILE,
          List.of(
              "audio", "audio_file", "audio_bytes", "audio_data", "file", "wav", "WAV", "AUDIO"),
          Map.of(
              "language", new Option(LANGUAGE, BYTES),
              "task", new Option(TASK, BYTES),
              "initial_prompt", new Option(AUDIO_PROMPT, BYTES),
              "temperature", new Option(AUDIO_TEMPERATURE, FP32),
              "stream", new Option(STREAM, BOOL)),
          ResponseField.TEXT,
          List.of("text", "transcript", "transcription", "transcripts", "text_output", "output"),
          Map.of(
              "language", ResponseField.LANGUAGE,
              "duration", ResponseField.DURATION,
              "segments", ResponseField.SEGMENTS,
              "words", ResponseField.WORDS));

  static final AudioConventions SPEECH =
      new AudioConventions(
          SPEECH_TEXT,
          List.of("text", "input", "text_input", "target_text", "prompt", "TEXT"),
          Map.of(
              "voice", new Option(VOICE, BYTES),
              "speaker", new Option(VOICE, BYTES),
              "instructions", new Option(INSTRUCTIONS, BYTES),
              "speed", new Option(SPEED, FP32),
              "response_format", new Option(SPEECH_FORMAT, BYTES),
              "stream", new Option(STREAM, BOOL)),
          ResponseField.AUDIO,
          List.of("audio", "speech", "waveform", "wav", "audio_output", "AUDIO", "WAV"),
          Map.of());

  /** Returns the table of a model; empty if its names are others. */
  Optional<Dialect> table(ModelDescription model) {
    return input(model)
        .flatMap(main -> output(model, Conventions.TEXT).map(answer -> table(main, answer, model)));
  }

  private Dialect table(String main, String answer, ModelDescription model) {
    DialectBuilder table =
        Dialect.builder("generic").input(main, BYTES, input).output(answer, output);
    for (TensorMetadata declared : model.inputs()) {
      Option option = options.get(declared.name());
      if (option != null) {
        table.input(declared.name(), option.datatype(), option.field());
      }
    }
    for (TensorMetadata declared : model.outputs()) {
      ResponseField field = reports.get(declared.name());
      if (field != null) {
        table.output(declared.name(), field);
      }
    }
    if (!model.isTriton() && !model.declaresInput("stream")) {
      table.unary(); // it is unknown whether such a server streams
    } else if (model.isMlServer()) {
      table.unwrappedStreams();
    }
    return Triton.withFinalResponse(table).build();
  }

  /** Returns the model's main input if all its other inputs are known options; otherwise empty. */
  private Optional<String> input(ModelDescription model) {
    List<TensorMetadata> own =
        model.inputs().stream().filter(declared -> !options.containsKey(declared.name())).toList();
    return own.size() == 1
        ? Conventions.first(inputs, Conventions.names(own, Conventions.TEXT))
        : Optional.empty();
  }

  /** Returns the output that contains the samples of a speech model; empty if there is none. */
  Optional<String> samples(ModelDescription model) {
    return input(model).flatMap(main -> output(model, Set.of("FP32", "FP16", "INT16")));
  }

  private Optional<String> output(ModelDescription model, Set<String> types) {
    return Conventions.first(outputs, Conventions.names(model.outputs(), types));
  }
}
