package io.github.openaikserve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.DialectBuilder;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.audio.AudioFile;
import io.github.openaikserve.openai.audio.CreateTranscriptionRequest;
import io.github.openaikserve.openai.audio.SpeechFormat;
import io.github.openaikserve.openai.audio.Transcription;
import io.github.openaikserve.openai.audio.TranscriptionStreamEvent;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Bodies;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Transcriptions, translations and speech over HTTP and in Java. */
final class AudioHandlerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TRANSCRIPTIONS = "/v1/audio/transcriptions";
  private static final String SPEECH = "/v1/audio/speech";
  private static final String SEGMENTS =
      "[{\"start\":0,\"end\":1.5,\"text\":\" Hello\"},{\"start\":1.5,\"end\":3661.25,\"text\":\"there --> you\"}]";

  private static final String WORDS =
      "[{\"start\":0,\"end\":1.5,\"word\":\"Hello\"},{\"start\":1.5,\"end\":2,\"word\":\"there\"}]";

  @Test
  void theTextOfAFileIsJson() throws IOException {
    var backend = texts("Hello");

    ApiResponse response = transcribe(backend, field("language", "en") + field("model", "m"));

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers()).containsEntry("content-type", "application/json");
    assertThat(json(response)).hasToString("{\"text\":\"Hello\"}");
    assertThat(backend.onlyRequest().inputs())
        .containsExactly(
            Tensor.text("audio", "RIFF"),
            Tensor.text("language", "en"),
            Tensor.text("task", "transcribe"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "text | `text-plain` | Hello/",
        "srt  | `text-plain` | 1/00:00:00,000 --> 00:00:01,500/Hello//2/00:00:01,500 --> 01:01:01,250/there -> you//",
        "vtt  | `text-vtt` | WEBVTT//00:00:00.000 --> 00:00:01.500/Hello//00:00:01.500 --> 01:01:01.250/there -> you//"
      })
  void theFormOfTheAnswerIsTheRequests(String format, String type, String text) throws IOException {
    ApiResponse response = report(format);

    assertThat(response.headers())
        .containsEntry("content-type", type.replace('-', '/') + "; charset=utf-8");
    assertThat(new String(Bodies.bytes(response), StandardCharsets.UTF_8))
        .isEqualTo(text.replace('/', '\n'));
  }

  @Test
  void verboseJsonHasTheServersLanguageDurationAndSegments() throws IOException {
    JsonNode json = json(report("verbose_json"));

    assertThat(json.at("/task").asText()).isEqualTo("transcribe");
    assertThat(json.at("/language").asText()).isEqualTo("english");
    assertThat(json.at("/duration").asDouble()).isEqualTo(2.5);
    assertThat(json.at("/text").asText()).isEqualTo("Hello");
    assertThat(json.at("/segments/1"))
        .hasToString("{\"id\":1,\"start\":1.5,\"end\":3661.25,\"text\":\"there --> you\"}");
  }

  @Test
  void wordsHaveTheirTimesWhereTheRequestAsksForThem() throws IOException {
    DialectBuilder table = reporting().output("words", ResponseField.WORDS);
    String verbose = field("response_format", "verbose_json");

    JsonNode plain = json(post(segmented(), table, TRANSCRIPTIONS, form(verbose)));
    JsonNode asked =
        json(
            post(
                segmented(),
                table,
                TRANSCRIPTIONS,
                form(verbose + field("timestamp_granularities[]", "word"))));

    assertThat(plain.has("words")).isFalse();
    assertThat(asked.get("words"))
        .hasToString(
            "[{\"word\":\"Hello\",\"start\":0.0,\"end\":1.5},{\"word\":\"there\",\"start\":1.5,\"end\":2.0}]");
  }

  @Test
  void wordsAreRefusedWhereTheModelReportsNone() throws IOException {
    ApiResponse response =
        post(
            segmented(),
            reporting(),
            TRANSCRIPTIONS,
            form(
                field("response_format", "verbose_json")
                    + field("timestamp_granularities[]", "word")));

    assertThat(response.status()).isEqualTo(400);
    assertThat(json(response).at("/error/param").asText()).isEqualTo("timestamp_granularities");
  }

  @Test
  void wordsThatAreNotOnesAreABadGateway() {
    var wrong =
        FakeBackend.responses(
            InferResponse.of(
                Tensor.text("text", "Hello"), Tensor.text("words", "[{\"text\":\"Hello\"}]")));

    ApiResponse response =
        post(
            wrong,
            reporting().output("words", ResponseField.WORDS),
            TRANSCRIPTIONS,
            form(
                field("response_format", "verbose_json")
                    + field("timestamp_granularities[]", "word")));

    assertThat(response.status()).isEqualTo(502);
    assertThat(Bodies.text(response)).contains("'start', 'end' and 'word'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"srt", "vtt", "verbose_json"})
  void aFormThatNeedsTimesIsRefusedWhereTheModelReportsNone(String format) throws IOException {
    var backend = texts("Hello");

    ApiResponse response = transcribe(backend, field("response_format", format));

    assertThat(response.status()).isEqualTo(400);
    assertThat(json(response).at("/error/param").asText()).isEqualTo("response_format");
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void aTranslationIsATaskOfTheModel() throws IOException {
    var backend = texts("Hello");

    JsonNode json = json(post(backend, table(), "/v1/audio/translations", form("")));

    assertThat(json.at("/text").asText()).isEqualTo("Hello");
    assertThat(backend.onlyRequest().input("task").orElseThrow().texts())
        .containsExactly("translate");
  }

  @Test
  void aModelWithoutTheTaskDoesNotTranslate() throws IOException {
    var plain =
        Dialect.builder("plain")
            .input("audio", Datatype.BYTES, RequestField.AUDIO_FILE)
            .output("text", ResponseField.TEXT);

    ApiResponse response = post(texts("x"), plain, "/v1/audio/translations", form(""));

    assertThat(response.status()).isEqualTo(400);
    assertThat(json(response).at("/error/message").asText())
        .isEqualTo("The model 'm' does not support the translations API.");
  }

  @Test
  void fieldsWithoutATensorAreNamed() {
    var plain =
        Dialect.builder("plain")
            .input("audio", Datatype.BYTES, RequestField.AUDIO_FILE)
            .output("text", ResponseField.TEXT);

    ApiResponse response =
        post(
            texts("x"),
            plain,
            TRANSCRIPTIONS,
            form(field("language", "en") + field("prompt", "p") + field("temperature", "0.5")));

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers().getOrDefault("x-openai-kserve-dropped-params", "").split(", "))
        .containsExactlyInAnyOrder("language", "prompt", "temperature");
  }

  @ParameterizedTest
  @CsvSource({
    "temperature, 2, temperature",
    "temperature, x, temperature",
    "temperature, NaN, temperature",
    "response_format, xml, response_format",
    "stream, yes, stream",
    "timestamp_granularities[], word, timestamp_granularities",
    "file, twice, file"
  })
  void aWrongFieldIsNamed(String name, String value, String param) throws IOException {
    ApiResponse response = transcribe(texts("x"), field(name, value));

    assertThat(response.status()).isEqualTo(400);
    assertThat(json(response).at("/error/param").asText()).isEqualTo(param);
  }

  @Test
  void aFormNeedsAFile() throws IOException {
    String body = field("model", "m") + "--b--\r\n";

    ApiResponse missing = post(texts("x"), table(), TRANSCRIPTIONS, body);
    ApiResponse empty =
        post(
            texts("x"),
            table(),
            TRANSCRIPTIONS,
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n\r\n--b--");

    assertThat(json(missing).at("/error/param").asText()).isEqualTo("file");
    assertThat(json(empty).at("/error/code").asText()).isEqualTo("empty_file");
  }

  @Test
  void aJsonBodyIsNotAMultipartForm() {
    ApiResponse response =
        handler(texts("x"), table())
            .handle(
                new ApiRequest(
                    "POST",
                    TRANSCRIPTIONS,
                    Map.of("content-type", List.of("application/json")),
                    new byte[0]))
            .join();

    assertThat(response.status()).isEqualTo(415);
  }

  @Test
  void aWebPageMaySendAFormToTheseTwoPathsOnly() {
    Map<String, List<String>> page =
        Map.of(
            "content-type", List.of("multipart/form-data; boundary=b"),
            "origin", List.of("https://example.com"));
    byte[] body = form("").getBytes(StandardCharsets.UTF_8);
    OpenAiHandler handler = handler(texts("x"), table());

    assertThat(handler.handle(new ApiRequest("POST", TRANSCRIPTIONS, page, body)).join().status())
        .isEqualTo(200);
    assertThat(
            handler
                .handle(new ApiRequest("POST", "/v1/chat/completions", page, body))
                .join()
                .status())
        .isEqualTo(415);
  }

  @Test
  void aStreamSendsDeltasAndThenTheWholeText() throws IOException {
    var backend = texts("He", "llo ", "wörld");

    ApiResponse response =
        post(backend, table().decoupled(), TRANSCRIPTIONS, form(field("stream", "true")));

    assertThat(response.headers())
        .containsEntry("content-type", "text/event-stream; charset=utf-8");
    assertThat(events(response))
        .containsExactly(
            "{\"type\":\"transcript.text.delta\",\"delta\":\"He\"}",
            "{\"type\":\"transcript.text.delta\",\"delta\":\"llo \"}",
            "{\"type\":\"transcript.text.delta\",\"delta\":\"wörld\"}",
            "{\"type\":\"transcript.text.done\",\"text\":\"Hello wörld\"}");
    assertThat(backend.calls().get(0).rpc()).isEqualTo(Rpc.MODEL_STREAM_INFER);
  }

  @Test
  void aModelThatDoesNotStreamAnswersWithOnePiece() throws IOException {
    ApiResponse response =
        post(texts("Hello"), table().unary(), TRANSCRIPTIONS, form(field("stream", "true")));

    assertThat(events(response)).hasSize(2);
  }

  @Test
  void piecesOfADecoupledModelAreOneWholeAnswer() throws IOException {
    JsonNode json = json(post(texts("He", "llo"), table().decoupled(), TRANSCRIPTIONS, form("")));

    assertThat(json.at("/text").asText()).isEqualTo("Hello");
  }

  @Test
  void cumulativeTextIsNotRepeated() throws IOException {
    ApiResponse response =
        post(
            texts("He", "Hello"),
            table().decoupled().cumulativeText(),
            TRANSCRIPTIONS,
            form(field("stream", "true")));

    assertThat(events(response))
        .last()
        .isEqualTo("{\"type\":\"transcript.text.done\",\"text\":\"Hello\"}");
  }

  @Test
  void aStreamThatFailsAfterItsFirstTextHasAnErrorEvent() throws IOException {
    var backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(List.of(InferResponse.of(Tensor.text("text", "He"))))
                    .thenFails(new BackendException(BackendCode.INTERNAL, "worker died")));

    ApiResponse response =
        post(backend, table().decoupled(), TRANSCRIPTIONS, form(field("stream", "true")));

    assertThat(response.status()).isEqualTo(200);
    String body = new String(Bodies.bytes(response), StandardCharsets.UTF_8);
    assertThat(body).contains("\"delta\":\"He\"", "event: error\n", "worker died");
    assertThat(body).doesNotContain("transcript.text.done");
  }

  @Test
  void aStreamThatFailsBeforeItsFirstTextIsAnErrorStatus() {
    ApiResponse response =
        post(
            FakeBackend.failing(BackendCode.UNAVAILABLE, "away"),
            table().decoupled(),
            TRANSCRIPTIONS,
            form(field("stream", "true")));

    assertThat(response.status()).isEqualTo(BackendCode.UNAVAILABLE.status());
  }

  @Test
  void aClientThatDisconnectsCancelsItsCall() {
    var backend = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());
    CompletableFuture<ApiResponse> response =
        handler(backend, table().decoupled())
            .handle(request(TRANSCRIPTIONS, form(field("stream", "true"))));

    response.cancel(false);

    assertThat(backend.cancellations()).isEqualTo(1);
  }

  @Test
  void javaCallersReadTheSame() {
    OpenAiKServe openai = OpenAiKServe.builder(segmented()).model("m", reporting().build()).build();

    Transcription answer = openai.audio().transcribe(r -> r.file("a.wav", new byte[] {1}));
    List<TranscriptionStreamEvent> events = new ArrayList<>();
    try (var stream =
        openai
            .audio()
            .streamTranscription(
                CreateTranscriptionRequest.builder()
                    .file(AudioFile.of("a.wav", new byte[] {1}))
                    .build())) {
      stream.forEach(events::add);
    }

    assertThat(answer.text()).isEqualTo("Hello");
    assertThat(answer.segments()).hasSize(2);
    assertThat(events)
        .containsExactly(
            new TranscriptionStreamEvent.Delta("Hello"),
            new TranscriptionStreamEvent.Done("Hello"));
  }

  @Test
  void anEncodedFileIsPassedThroughUnchanged() throws IOException {
    var backend =
        FakeBackend.responses(
            InferResponse.of(
                Tensor.of("audio", new long[] {1}, List.of(ByteBuffer.wrap(new byte[] {1, 2})))));
    var table =
        speaking()
            .input("voice", Datatype.BYTES, RequestField.VOICE)
            .input("format", Datatype.BYTES, RequestField.SPEECH_FORMAT);

    ApiResponse response =
        post(
            backend,
            table,
            SPEECH,
            "{\"model\":\"m\",\"input\":\"Hi\",\"voice\":\"nova\",\"response_format\":\"mp3\",\"speed\":1.5}");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers())
        .containsEntry("content-type", "audio/mpeg")
        .containsEntry("x-openai-kserve-dropped-params", "speed");
    assertThat(Bodies.bytes(response)).containsExactly(1, 2);
    assertThat(backend.onlyRequest().inputs())
        .containsExactly(
            Tensor.text("text", "Hi"), Tensor.text("voice", "nova"), Tensor.text("format", "mp3"));
  }

  @Test
  void samplesBecomeAWavFile() throws IOException {
    var backend = FakeBackend.responses(InferResponse.of(Tensor.floats("audio", 0, 1, -1, 2)));

    ApiResponse response =
        post(backend, speaking().sampleRate(24_000), SPEECH, "{\"input\":\"Hi\"}");

    ByteBuffer wav = ByteBuffer.wrap(Bodies.bytes(response)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(response.headers()).containsEntry("content-type", "audio/wav");
    assertThat(wav.limit()).isEqualTo(44 + 8);
    assertThat(wav.getInt(4)).isEqualTo(36 + 8);
    assertThat(wav.getInt(24)).isEqualTo(24_000);
    assertThat(wav.getInt(40)).isEqualTo(8);
    assertThat(wav.getShort(46)).isEqualTo(Short.MAX_VALUE);
    assertThat(wav.getShort(48)).isEqualTo((short) -Short.MAX_VALUE);
    assertThat(wav.getShort(50)).as("clipped").isEqualTo(Short.MAX_VALUE);
  }

  @Test
  void samplesArePcmOnRequestAndNoOtherEncoding() throws IOException {
    var backend =
        FakeBackend.responses(
            InferResponse.of(Tensor.of("audio", Datatype.INT16, new long[] {2}, new int[] {1, 2})));

    ApiResponse pcm =
        post(
            backend,
            speaking().sampleRate(24_000),
            SPEECH,
            "{\"input\":\"Hi\",\"response_format\":\"pcm\"}");
    ApiResponse mp3 =
        post(
            backend,
            speaking().sampleRate(24_000),
            SPEECH,
            "{\"input\":\"Hi\",\"response_format\":\"mp3\"}");

    assertThat(Bodies.bytes(pcm)).containsExactly(1, 0, 2, 0);
    assertThat(mp3.status()).isEqualTo(400);
    assertThat(json(mp3).at("/error/message").asText())
        .isEqualTo("Invalid 'response_format': the model 'm' supports 'wav', but not 'mp3'.");
  }

  @Test
  void audioOfADecoupledModelIsStreamed() throws IOException {
    var backend = samples();

    ApiResponse response =
        post(backend, speaking().sampleRate(8000).decoupled(), SPEECH, "{\"input\":\"Hi\"}");

    assertThat(response.body().length()).isEqualTo(-1);
    byte[] wav = Bodies.bytes(response);
    assertThat(wav).hasSize(44 + 4);
    assertThat(ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN).getInt(40)).isEqualTo(-1);
  }

  @Test
  void audioIsEventsOnRequest() throws IOException {
    ApiResponse response =
        post(
            samples(),
            speaking().sampleRate(8000).decoupled(),
            SPEECH,
            "{\"input\":\"Hi\",\"stream_format\":\"sse\",\"response_format\":\"pcm\"}");

    assertThat(events(response))
        .containsExactly(
            "{\"type\":\"speech.audio.delta\",\"audio\":\"/38=\"}",
            "{\"type\":\"speech.audio.delta\",\"audio\":\"AAA=\"}",
            "{\"type\":\"speech.audio.done\",\"usage\":{\"input_tokens\":1,\"output_tokens\":0,\"total_tokens\":1}}");
  }

  @Test
  void audioThatFailsMidStreamIsNotReportedAsComplete() {
    var backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(List.of(InferResponse.of(Tensor.floats("audio", 1))))
                    .thenFails(new BackendException(BackendCode.INTERNAL, "worker died")));

    ApiResponse response =
        post(backend, speaking().sampleRate(8000).decoupled(), SPEECH, "{\"input\":\"Hi\"}");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> response.body().inputStream().readAllBytes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                     | input           | missing_required_parameter",
        "{'input':''}                           | input           | empty_string",
        "{'input':'x','speed':5}                | speed           | invalid_value",
        "{'input':'x','voice':1}                | voice           | invalid_type",
        "{'input':'x','response_format':'ogg'}  | response_format | invalid_value",
        "{'input':'x','stream_format':'x'}      | stream_format   | invalid_value"
      })
  void anInvalidSpeechRequestIsRejected(String body, String param, String code) throws IOException {
    ApiResponse response =
        post(samples(), speaking().sampleRate(8000), SPEECH, body.replace('\'', '"'));

    assertThat(response.status()).isEqualTo(400);
    JsonNode error = json(response).get("error");
    assertThat(error.get("param").asText()).isEqualTo(param);
    assertThat(error.get("code").asText()).isEqualTo(code);
  }

  @Test
  void aModelWithoutSpeechIsRejectedByName() {
    OpenAiKServe openai = OpenAiKServe.builder(texts("x")).model("m", table().build()).build();

    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> openai.audio().speak(r -> r.input("Hi")))
        .withMessage("The model 'm' does not support the speech API.");
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> openai.chatCompletions().create(r -> r.user("Hi")))
        .withMessageContaining("it serves the transcriptions API");
  }

  @Test
  void javaCallersGetTheAudio() {
    OpenAiKServe openai =
        OpenAiKServe.builder(samples())
            .model("m", speaking().sampleRate(8000).decoupled().build())
            .build();

    var speech = openai.audio().speak(r -> r.input("Hi").responseFormat(SpeechFormat.PCM));

    assertThat(speech.format()).isEqualTo(SpeechFormat.PCM);
    assertThat(speech.audio().remaining()).isEqualTo(4);
    assertThat(speech.audio().isReadOnly()).isTrue();
  }

  private static DialectBuilder table() {
    return Dialect.builder("whisper")
        .input("audio", Datatype.BYTES, RequestField.AUDIO_FILE)
        .input("language", Datatype.BYTES, RequestField.LANGUAGE)
        .input("task", Datatype.BYTES, RequestField.TASK)
        .output("text", ResponseField.TEXT);
  }

  private static DialectBuilder reporting() {
    return table()
        .output("language", ResponseField.LANGUAGE)
        .output("duration", ResponseField.DURATION)
        .output("segments", ResponseField.SEGMENTS);
  }

  private static DialectBuilder speaking() {
    return Dialect.builder("speech")
        .input("text", Datatype.BYTES, RequestField.SPEECH_TEXT)
        .output("audio", ResponseField.AUDIO);
  }

  private static FakeBackend texts(String... pieces) {
    InferResponse[] responses = new InferResponse[pieces.length];
    for (int i = 0; i < pieces.length; i++) {
      responses[i] = InferResponse.of(Tensor.text("text", pieces[i]));
    }
    return FakeBackend.responses(responses);
  }

  private static FakeBackend segmented() {
    return FakeBackend.responses(
        InferResponse.of(
            Tensor.text("text", "Hello"),
            Tensor.text("language", "english"),
            Tensor.floats("duration", 2.5f),
            Tensor.text("segments", SEGMENTS),
            Tensor.text("words", WORDS)));
  }

  private static FakeBackend samples() {
    return FakeBackend.responses(
        InferResponse.of(Tensor.floats("audio", 1)), InferResponse.of(Tensor.floats("audio", 0)));
  }

  private static ApiResponse transcribe(FakeBackend backend, String fields) {
    return post(backend, table(), TRANSCRIPTIONS, form(fields));
  }

  private static ApiResponse report(String format) {
    return post(segmented(), reporting(), TRANSCRIPTIONS, form(field("response_format", format)));
  }

  private static String field(String name, String value) {
    return "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(name, value);
  }

  private static String form(String fields) {
    return "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nRIFF\r\n"
        + fields
        + "--b--\r\n";
  }

  private static OpenAiHandler handler(FakeBackend backend, DialectBuilder table) {
    return OpenAiKServe.builder(backend).model("m", table.build()).build().httpHandler();
  }

  private static ApiResponse post(
      FakeBackend backend, DialectBuilder table, String path, String body) {
    return handler(backend, table).handle(request(path, body)).join();
  }

  private static ApiRequest request(String path, String body) {
    return new ApiRequest(
        "POST",
        path,
        Map.of("content-type", List.of("multipart/form-data; boundary=b")),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> events(ApiResponse response) {
    return new String(Bodies.bytes(response), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith("data: "))
        .map(line -> line.substring("data: ".length()))
        .toList();
  }

  private static JsonNode json(ApiResponse response) throws IOException {
    return JSON.readTree(Bodies.bytes(response));
  }
}
