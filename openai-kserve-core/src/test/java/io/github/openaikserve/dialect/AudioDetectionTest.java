package io.github.openaikserve.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.kserve.TensorMetadata;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that transcribe, speak or embed images, recognized by what they declare. */
final class AudioDetectionTest {
  @ParameterizedTest
  @CsvSource({"audio, text", "WAV, transcript", "file, transcription"})
  void audioInAndTextOutIsATranscription(String file, String text) {
    DetectedModel detection = detect(tensors("BYTES", file), tensors("BYTES", text));

    assertThat(detection.dialect()).isEmpty();
    assertThat(detection.others()).containsOnlyKeys(RequestKind.TRANSCRIPTION);
    assertThat(detection.isServable()).isTrue();
  }

  @Test
  void whatATranscribingModelDeclaresIsUsed() {
    Dialect dialect =
        detect(
                tensors("BYTES", "audio", "language", "task", "initial_prompt"),
                tensors("BYTES", "text", "language", "segments", "words"))
            .serving(RequestKind.TRANSCRIPTION)
            .orElseThrow();

    assertThat(dialect.carries(RequestField.LANGUAGE)).isTrue();
    assertThat(dialect.carries(RequestField.TASK)).isTrue();
    assertThat(dialect.carries(RequestField.AUDIO_PROMPT)).isTrue();
    assertThat(dialect.carries(RequestField.AUDIO_TEMPERATURE)).isFalse();
    assertThat(dialect.reports(ResponseField.LANGUAGE)).isTrue();
    assertThat(dialect.reports(ResponseField.SEGMENTS)).isTrue();
    assertThat(dialect.reports(ResponseField.WORDS)).isTrue();
    assertThat(dialect.reports(ResponseField.DURATION)).isFalse();
  }

  @Test
  void textInAndAudioOutIsSpeech() {
    DetectedModel detection =
        detect(tensors("BYTES", "text", "voice", "speed"), tensors("BYTES", "audio"));

    assertThat(detection.dialect()).isEmpty();
    assertThat(detection.others()).containsOnlyKeys(RequestKind.SPEECH);
    assertThat(detection.serving(RequestKind.SPEECH).orElseThrow().carries(RequestField.VOICE))
        .isTrue();
  }

  @Test
  void samplesWithoutARateAreNotVectors() {
    DetectedModel detection = detect(tensors("BYTES", "text"), tensors("FP32", "waveform"));

    assertThat(detection.isServable()).isFalse();
    assertThat(detection.explanation()).contains("'waveform'", "sample rate");
  }

  @Test
  void aPromptNextToAudioIsATextGeneration() {
    DetectedModel detection = detect(tensors("BYTES", "prompt", "audio"), tensors("BYTES", "text"));

    assertThat(detection.dialect()).isPresent();
    assertThat(detection.others()).doesNotContainKey(RequestKind.TRANSCRIPTION);
  }

  @Test
  void aDecoupledModelIsAskedOnAStreamWithItsEnd() {
    Dialect dialect =
        Dialects.detect(described(tensors("BYTES", "audio"), tensors("BYTES", "text"), true))
            .serving(RequestKind.TRANSCRIPTION)
            .orElseThrow();

    var call =
        dialect.encode(
            new InputBatch(
                "m",
                null,
                RequestKind.TRANSCRIPTION,
                1,
                Map.of(RequestField.AUDIO_FILE, ByteBuffer.wrap(new byte[] {1}))));

    assertThat(call.rpc()).isEqualTo(Rpc.MODEL_STREAM_INFER);
    assertThat(call.request().parameters()).containsKey("triton_enable_empty_final_response");
  }

  @Test
  void aServerThatIsNotKnownToStreamIsAskedForWholeAnswers() {
    var model =
        new ModelDescription(
            "m",
            Optional.of(new ServerMetadata("mlserver", "1.7.1", List.of())),
            Optional.of(
                new ModelMetadata(
                    "m", List.of(), "", tensors("BYTES", "audio"), tensors("BYTES", "text"))),
            Optional.empty());

    var call =
        Dialects.detect(model)
            .serving(RequestKind.TRANSCRIPTION)
            .orElseThrow()
            .encode(
                new InputBatch(
                    "m",
                    null,
                    RequestKind.TRANSCRIPTION,
                    1,
                    Map.of(
                        RequestField.AUDIO_FILE,
                        ByteBuffer.wrap(new byte[] {1}),
                        RequestField.STREAM,
                        true)));

    assertThat(call.rpc()).isEqualTo(Rpc.MODEL_INFER);
  }

  @Test
  void imagesNextToTextsAreEmbeddedToo() {
    Dialect dialect =
        detect(tensors("BYTES", "text", "image"), tensors("FP32", "embedding"))
            .serving(RequestKind.EMBEDDING)
            .orElseThrow();

    assertThat(dialect.carries(RequestField.INPUT)).isTrue();
    assertThat(dialect.carries(RequestField.IMAGES)).isTrue();
  }

  @Test
  void aModelMayEmbedOnlyImages() {
    Dialect dialect =
        detect(tensors("BYTES", "image"), tensors("FP32", "embedding"))
            .serving(RequestKind.EMBEDDING)
            .orElseThrow();

    assertThat(dialect.carries(RequestField.INPUT)).isFalse();
    assertThat(dialect.carries(RequestField.IMAGES)).isTrue();
  }

  private static DetectedModel detect(List<TensorMetadata> inputs, List<TensorMetadata> outputs) {
    return Dialects.detect(described(inputs, outputs, false));
  }

  private static ModelDescription described(
      List<TensorMetadata> inputs, List<TensorMetadata> outputs, boolean decoupled) {
    return new ModelDescription(
        "m",
        Optional.of(new ServerMetadata("triton", "2.60.0", List.of())),
        Optional.of(new ModelMetadata("m", List.of("1"), "python", inputs, outputs)),
        Optional.of(new ModelConfig("m", "", "python", 0, decoupled, Map.of(), List.of())));
  }

  private static List<TensorMetadata> tensors(String type, String... names) {
    return Stream.of(names)
        .map(
            name ->
                new TensorMetadata(name, name.equals("speed") ? "FP32" : type, Arrays.asList(-1L)))
        .toList();
  }
}
