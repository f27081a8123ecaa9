package io.github.openaikserve.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.openai.client.OpenAIClient;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.models.audio.AudioResponseFormat;
import com.openai.models.audio.speech.SpeechCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionStreamEvent;
import com.openai.models.moderations.Moderation;
import com.openai.models.moderations.ModerationCreateParams;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openaijava.InProcessOpenAi;
import io.github.openaikserve.testing.FakeBackend;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** OpenAI's Java SDK with moderations, and with audio, whose requests are forms. */
final class TensorSdkTest {
  private static final Dialect TRANSCRIBES =
      Dialect.builder("transcribes")
          .decoupled()
          .input("audio", Datatype.BYTES, RequestField.AUDIO_FILE)
          .output("text", ResponseField.TEXT)
          .build();
  private static final Dialect SPEAKS =
      Dialect.builder("speaks")
          .decoupled()
          .input("text", Datatype.BYTES, RequestField.SPEECH_TEXT)
          .output("audio", ResponseField.AUDIO)
          .sampleRate(24_000)
          .build();

  @Test
  void moderationsHaveTheirCategories() {
    var backend =
        FakeBackend.responses(
            InferResponse.of(
                Tensor.of("scores", new long[] {1, 2}, new float[] {0.75f, 0.25f}),
                Tensor.text("labels", "violence", "hate")));

    List<Moderation> results =
        client(backend, Dialects.CLASSIFICATION)
            .moderations()
            .create(ModerationCreateParams.builder().model("m").input("text").build())
            .results();

    assertThat(results).hasSize(1);
    assertThat(results.get(0).flagged()).isTrue();
    assertThat(results.get(0).categories().violence()).isTrue();
    assertThat(results.get(0).categoryScores().hate()).isEqualTo(0.25);
    assertThat(results.get(0).categoryAppliedInputTypes().selfHarm()).isEmpty();
  }

  @Test
  void aFileIsTranscribed() {
    FakeBackend backend = texts("Hello ", "there");

    var answer =
        client(backend, TRANSCRIBES).audio().transcriptions().create(transcription().build());

    assertThat(answer.asTranscription().text()).isEqualTo("Hello there");
    assertThat(backend.onlyRequest().input("audio").orElseThrow().bytes(0))
        .isEqualTo(UTF_8.encode("RIFF"));
  }

  @Test
  void aTranscriptionIsStreamed() {
    try (StreamResponse<TranscriptionStreamEvent> events =
        client(texts("Hello ", "there"), TRANSCRIBES)
            .audio()
            .transcriptions()
            .createStreaming(transcription().build())) {
      List<TranscriptionStreamEvent> all = events.stream().toList();

      assertThat(all).hasSize(3);
      assertThat(all.get(0).asTranscriptTextDelta().delta()).isEqualTo("Hello ");
      assertThat(all.get(2).asTranscriptTextDone().text()).isEqualTo("Hello there");
    }
  }

  @Test
  void subtitlesOfAModelWithoutTimesAreABadRequest() {
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(
            () ->
                client(texts("x"), TRANSCRIBES)
                    .audio()
                    .transcriptions()
                    .create(transcription().responseFormat(AudioResponseFormat.SRT).build()))
        .withMessageContaining("response_format");
  }

  @Test
  void aTextIsConvertedToSpeech() throws IOException {
    var backend =
        FakeBackend.responses(
            InferResponse.of(Tensor.floats("audio", 0)),
            InferResponse.of(Tensor.floats("audio", 1)));

    try (HttpResponse response =
        client(backend, SPEAKS)
            .audio()
            .speech()
            .create(
                SpeechCreateParams.builder()
                    .model("m")
                    .input("Hello")
                    .voice("nova")
                    .responseFormat(SpeechCreateParams.ResponseFormat.PCM)
                    .build())) {
      assertThat(response.headers().values("content-type")).containsExactly("audio/pcm");
      assertThat(response.body().readAllBytes()).hasSize(4);
    }
  }

  private static TranscriptionCreateParams.Builder transcription() {
    return TranscriptionCreateParams.builder().model("m").file("RIFF".getBytes(UTF_8));
  }

  private static FakeBackend texts(String... pieces) {
    return FakeBackend.responses(
        Stream.of(pieces)
            .map(piece -> InferResponse.of(Tensor.text("text", piece)))
            .toArray(InferResponse[]::new));
  }

  private static OpenAIClient client(FakeBackend backend, Dialect dialect) {
    return InProcessOpenAi.client(
        OpenAiKServe.builder(backend).model("m", dialect).build().httpHandler());
  }
}
