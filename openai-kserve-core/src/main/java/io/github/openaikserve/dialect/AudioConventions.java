package io.github.openaikserve.dialect;

import static io.github.openaikserve.kserve.Datatype.BOOL;
import static io.github.openaikserve.kserve.Datatype.BYTES;
import static io.github.openaikserve.kserve.Datatype.FP32;

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
final class AudioConventions {
  private static final List<String> FILES =
      List.of("audio", "audio_file", "audio_bytes", "audio_data", "file", "wav", "WAV", "AUDIO");
  private static final List<String> TRANSCRIPTS =
      List.of("text", "transcript", "transcription", "transcripts", "text_output", "output");
  private static final List<String> SPOKEN =
      List.of("text", "input", "text_input", "target_text", "prompt", "TEXT");
  private static final List<String> SPEECHES =
      List.of("audio", "speech", "waveform", "wav", "audio_output", "AUDIO", "WAV");

  /** The request field and the datatype of an optional input. */
  private record Option(RequestField field, Datatype datatype) {}

  private static final Map<String, Option> TRANSCRIBING =
      Map.of(
          "language", new Option(RequestField.LANGUAGE, BYTES),
          "task", new Option(RequestField.TASK, BYTES),
          "initial_prompt", new Option(RequestField.AUDIO_PROMPT, BYTES),
          "temperature", new Option(RequestField.AUDIO_TEMPERATURE, FP32),
          "stream", new Option(RequestField.STREAM, BOOL));

  private static final Map<String, Option> SPEAKING =
      Map.of(
          "voice", new Option(RequestField.VOICE, BYTES),
          "speaker", new Option(RequestField.VOICE, BYTES),
          "instructions", new Option(RequestField.INSTRUCTIONS, BYTES),
          "speed", new Option(RequestField.SPEED, FP32),
          "response_format", new Option(RequestField.SPEECH_FORMAT, BYTES),
          "stream", new Option(RequestField.STREAM, BOOL));

  private static final Map<String, ResponseField> REPORTS =
      Map.of(
          "language", ResponseField.LANGUAGE,
          "duration", ResponseField.DURATION,
          "segments", ResponseField.SEGMENTS,
          "words", ResponseField.WORDS);

  private AudioConventions() {}

  /** Returns the table of a transcription or speech model; empty if the model is neither. */
  static Optional<Dialect> table(ModelDescription model) {
    return transcription(model).or(() -> speech(model));
  }

  /** Returns the output that contains the samples of a speech model; empty if there is none. */
  static Optional<String> samples(ModelDescription model) {
    return input(model, SPOKEN, SPEAKING)
        .flatMap(text -> output(model, SPEECHES, Set.of("FP32", "FP16", "INT16")));
  }

  private static Optional<Dialect> transcription(ModelDescription model) {
    Optional<String> file = input(model, FILES, TRANSCRIBING);
    Optional<String> text = output(model, TRANSCRIPTS, Set.of("BYTES"));
    if (file.isEmpty() || text.isEmpty()) {
      return Optional.empty();
    }
    DialectBuilder table =
        Dialect.builder("generic")
            .input(file.get(), BYTES, RequestField.AUDIO_FILE)
            .output(text.get(), ResponseField.TEXT);
    for (TensorMetadata output : model.outputs()) {
      ResponseField field = REPORTS.get(output.name());
      if (field != null) {
        table.output(output.name(), field);
      }
    }
    return Optional.of(withOptions(table, model, TRANSCRIBING));
  }

  private static Optional<Dialect> speech(ModelDescription model) {
    Optional<String> text = input(model, SPOKEN, SPEAKING);
    Optional<String> audio = output(model, SPEECHES, Set.of("BYTES"));
    if (text.isEmpty() || audio.isEmpty()) {
      return Optional.empty();
    }
    DialectBuilder table =
        Dialect.builder("generic")
            .input(text.get(), BYTES, RequestField.SPEECH_TEXT)
            .output(audio.get(), ResponseField.AUDIO);
    return Optional.of(withOptions(table, model, SPEAKING));
  }

  private static Dialect withOptions(
      DialectBuilder table, ModelDescription model, Map<String, Option> options) {
    for (TensorMetadata input : model.inputs()) {
      Option option = options.get(input.name());
      if (option != null) {
        table.input(input.name(), option.datatype(), option.field());
      }
    }
    if (!model.isTriton()) {
      // It is unknown whether such a server streams, unless the model declares an input for it.
      streamUse(table, model.declaresInput("stream"), model.isMlServer());
    }
    return Triton.withFinalResponse(table).build();
  }

  private static void streamUse(DialectBuilder rows, boolean streams, boolean bare) {
    if (!streams) {
      rows.unary();
    } else if (bare) {
      rows.unwrappedStreams();
    }
  }

  /** Returns the model's main input if all its other inputs are known options; otherwise empty. */
  private static Optional<String> input(
      ModelDescription model, List<String> names, Map<String, Option> options) {
    List<TensorMetadata> own =
        model.inputs().stream().filter(input -> !options.containsKey(input.name())).toList();
    return own.size() == 1
            && own.get(0).datatype().equals("BYTES")
            && names.contains(own.get(0).name())
        ? Optional.of(own.get(0).name())
        : Optional.empty();
  }

  private static Optional<String> output(
      ModelDescription model, List<String> names, Set<String> types) {
    return names.stream()
        .filter(
            name ->
                model.outputs().stream()
                    .anyMatch(
                        output -> output.name().equals(name) && types.contains(output.datatype())))
        .findFirst();
  }
}
