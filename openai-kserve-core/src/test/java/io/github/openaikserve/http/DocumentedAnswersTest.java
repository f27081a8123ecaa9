package io.github.openaikserve.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.Tokenizer;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ModerationCategory;
import io.github.openaikserve.openai.OpenAiSchemas;
import io.github.openaikserve.store.MemoryResponseStore;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Bodies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Answers of every path are as the OpenAPI document and OpenAI's schemas have them. */
final class DocumentedAnswersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Dialect AUDIO =
      Dialect.builder("audio")
          .input("file", Datatype.BYTES, RequestField.AUDIO_FILE)
          .input("task", Datatype.BYTES, RequestField.TASK)
          .input("speech", Datatype.BYTES, RequestField.SPEECH_TEXT)
          .output("text", ResponseField.TEXT)
          .output("language", ResponseField.LANGUAGE)
          .output("duration", ResponseField.DURATION)
          .output("segments", ResponseField.SEGMENTS)
          .output("words", ResponseField.WORDS)
          .output("audio", ResponseField.AUDIO)
          .build();

  private final OpenAiHandler handler = openai().httpHandler();
  private final DocumentCheck document = new DocumentCheck(handler);

  @Test
  void answersOfEveryPathAreAsTheDocumentHasThem() throws IOException {
    generated();
    stored();
    tensors();
    audio();
    models();

    assertThat(document.problems()).isEmpty();
    assertThat(document.unseen()).isEmpty();
  }

  @Test
  void theCheckReportsEachViolation() {
    var request = new ApiRequest("GET", "/v1/models/m", Map.of(), new byte[0]);
    var json = Map.of("content-type", "application/json");
    var answer = new ApiResponse(200, json, ApiBody.of(new byte[0]));

    document.check(request, answer, "{\"id\":\"m\",\"object\":\"model\"}");
    document.check(request, new ApiResponse(200, Map.of(), ApiBody.of(new byte[0])), "");

    assertThat(document.problems())
        .anyMatch(problem -> problem.contains("'created'"))
        .anyMatch(problem -> problem.contains("no content of type"));
    assertThat(document.unseen())
        .contains("post /v1/decisions")
        .doesNotContain("get /v1/models/{model}");
  }

  private void generated() throws IOException {
    post("/v1/chat/completions", "{'model':'m','messages':[{'role':'user','content':'Hi'}]}");
    post(
        "/v1/chat/completions",
        "{'model':'m','stream':true,'messages':[{'role':'user','content':'Hi'}]}");
    post("/v1/chat/completions", "{'messages':[]}");
    post("/v1/completions", "{'model':'m','prompt':['a','b']}");
    post("/v1/completions", "{'model':'other','prompt':'a'}");
    post("/v1/messages", "{'model':'m','max_tokens':9,'messages':[{'role':'user','content':'a'}]}");
    post("/v1/messages", "{'model':'m'}");
    post("/v1/messages/count_tokens", "{'model':'m','messages':[{'role':'user','content':'a'}]}");
    String questions =
        "'questions':[{'type':'predicate','instructions':'q','name':'n'},{'type':'choice',"
            + "'instructions':'q','choices':[{'value':'a'},{'value':true}]},{'type':'score',"
            + "'instructions':'q','levels':[{'label':'a'},{'label':'b'}]}]";
    post("/v1/decisions", "{'model':'letters','input':'i'," + questions + "}");
    post("/v1/decisions", "{'model':'m','input':'i'," + questions + "}");
    post("/tokenize", "{'model':'m','prompt':'a'}");
    post("/tokenize", "{'model':'m','content':'a','with_pieces':true}");
    post("/detokenize", "{'model':'m','tokens':[1]}");
    post("/apply-template", "{'model':'m','messages':[{'role':'user','content':'Hi'}]}");
  }

  private void stored() throws IOException {
    String response = post("/v1/responses", "{'model':'m','input':'a'}").get("id").asText();
    post("/v1/responses/input_tokens", "{'model':'m','input':'a'}");
    String running =
        post("/v1/responses", "{'model':'hangs','input':'a','background':true}").get("id").asText();
    get("/v1/responses/" + response);
    get("/v1/responses/" + response + "/input_items");
    post("/v1/responses/" + running + "/cancel", "");
    call("DELETE", "/v1/responses/" + response, "");
    get("/v1/responses/" + response);
    String items = "'items':[{'type':'message','role':'user','content':'a'}]";
    String conversation =
        post("/v1/conversations", "{'metadata':{'a':'b'}," + items + "}").get("id").asText();
    String path = "/v1/conversations/" + conversation;
    get(path);
    post(path, "{'metadata':{'a':'c'}}");
    post(path + "/items", "{" + items + "}");
    String item = get(path + "/items").at("/data/0/id").asText();
    get(path + "/items/" + item);
    call("DELETE", path + "/items/" + item, "");
    call("DELETE", path, "");
  }

  private void tensors() throws IOException {
    openAis("CreateEmbeddingResponse", post("/v1/embeddings", "{'model':'vectors','input':'a'}"));
    post("/v1/embeddings", "{'model':'vectors','input':'a','encoding_format':'base64'}");
    for (String root : List.of("", "/v1", "/v2")) {
      post(root + "/rerank", "{'model':'tensors','query':'q','documents':['a',{'text':'b'}]}");
    }
    for (String root : List.of("", "/v1")) {
      post(root + "/score", "{'model':'tensors','text_1':'q','text_2':['a','b']}");
      post(root + "/classify", "{'model':'tensors','input':['a','b']}");
    }
    openAis(
        "CreateModerationResponse",
        post("/v1/moderations", "{'model':'tensors','input':['a','b']}"));
    post("/v1/moderations", "{'model':'m','input':'a'}");
  }

  private void audio() throws IOException {
    openAis("CreateTranscriptionResponseJson", form("/v1/audio/transcriptions", "json"));
    JsonNode verbose = form("/v1/audio/transcriptions", "verbose_json");
    openAis("CreateTranscriptionResponseVerboseJson", withSegments(verbose));
    form("/v1/audio/transcriptions", "text");
    form("/v1/audio/transcriptions", "vtt");
    form("/v1/audio/transcriptions", "x");
    openAis("CreateTranslationResponseJson", form("/v1/audio/translations", "json"));
    openAis(
        "CreateTranslationResponseVerboseJson",
        withSegments(form("/v1/audio/translations", "verbose_json")));
    for (JsonNode event : events(form("/v1/audio/transcriptions", "json", "stream", "true"))) {
      openAis("CreateTranscriptionResponseStreamEvent", event);
    }
    post("/v1/audio/speech", "{'model':'tensors','input':'a','voice':'v'}");
    JsonNode speech =
        post(
            "/v1/audio/speech",
            "{'model':'tensors','input':'a','voice':'v','stream_format':'sse'}");
    for (JsonNode event : events(speech)) {
      openAis("CreateSpeechResponseStreamEvent", event);
    }
  }

  private void models() throws IOException {
    get("/v1/models");
    get("/v1/models/m");
    get("/v1/models/unknown");
    Map<String, List<String>> anthropic = Map.of("anthropic-version", List.of("2023-06-01"));
    call("GET", "/v1/models", anthropic, new byte[0]);
    call("GET", "/v1/models?limit=1", anthropic, new byte[0]);
    call("GET", "/v1/models/m", anthropic, new byte[0]);
    call("GET", "/v1/models/unknown", anthropic, new byte[0]);
    post("/v1/models/m/load", "");
    post("/v1/models/m/unload", "");
    get("/health");
    get("/health/live");
    get("/health/ready");
    get("/openapi.json");
  }

  /** Servers report neither the log probabilities nor the tokens of segments, which OpenAI has. */
  private static JsonNode withSegments(JsonNode verbose) {
    for (JsonNode segment : verbose.path("segments")) {
      var whole = (ObjectNode) segment;
      whole.put("seek", 0).put("temperature", 0).put("avg_logprob", 0);
      whole.put("compression_ratio", 0).put("no_speech_prob", 0).putArray("tokens");
    }
    return verbose;
  }

  private static void openAis(String schema, JsonNode answer) {
    assertThat(OpenAiSchemas.problems(schema, answer)).as(schema + ": " + answer).isEmpty();
  }

  private static List<JsonNode> events(JsonNode text) {
    List<JsonNode> events =
        Stream.of(text.asText().split("\n\n"))
            .filter(event -> event.startsWith("data: {"))
            .map(event -> read(event.substring("data: ".length())))
            .toList();
    assertThat(events).hasSizeGreaterThan(1);
    return events;
  }

  private JsonNode get(String path) throws IOException {
    return call("GET", path, "");
  }

  private JsonNode post(String path, String body) throws IOException {
    return call("POST", path, body.replace('\'', '"'));
  }

  private JsonNode call(String method, String path, String body) throws IOException {
    return call(method, path, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the answer: JSON, or text as a JSON string. */
  private JsonNode call(String method, String path, Map<String, List<String>> headers, byte[] body)
      throws IOException {
    var request = new ApiRequest(method, path, headers, body);
    ApiResponse response = handler.handle(request).join();
    String text = Bodies.text(response);
    document.check(request, response, text);
    boolean json = response.headers().getOrDefault("content-type", "").equals("application/json");
    return json ? read(text) : JSON.getNodeFactory().textNode(text);
  }

  private JsonNode form(String path, String format, String... more) throws IOException {
    var body = new StringBuilder(part("file\"; filename=\"a.wav", "RIFF"));
    body.append(part("model", "tensors")).append(part("response_format", format));
    for (int i = 0; i < more.length; i += 2) {
      body.append(part(more[i], more[i + 1]));
    }
    if (format.equals("verbose_json")) {
      body.append(part("timestamp_granularities[]", "word"));
    }
    body.append("--b--\r\n");
    return call(
        "POST",
        path,
        Map.of("content-type", List.of("multipart/form-data; boundary=b")),
        body.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String part(String name, String value) {
    return "--b\r\ncontent-disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(name, value);
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new AssertionError("no JSON: " + json, e);
    }
  }

  private static OpenAiKServe openai() {
    return OpenAiKServe.builder(new Loading(FakeBackend.tokens("a", "b")))
        .responseStore(MemoryResponseStore.builder().build())
        .modelControl(true)
        .model(
            "m",
            model ->
                model
                    .dialect(Dialects.ANYSERVE)
                    .tokenCounter(Letters.INSTANCE)
                    .chatTemplate(ChatTemplates.CHATML))
        .model(
            "hangs",
            model ->
                model
                    .dialect(Dialects.ANYSERVE)
                    .backend(
                        FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs())))
        .model("letters", model -> model.dialect(Dialects.TRITON_VLLM).backend(letters()))
        .model(
            "vectors",
            model ->
                model
                    .embeddingDialect(Dialects.embeddings("text", "vectors"))
                    .backend(FakeBackend.responses(tensor("vectors", 1, 2))))
        .model(
            "tensors",
            model ->
                model
                    .tensorDialect(Dialects.SCORES)
                    .tensorDialect(Dialects.CLASSIFICATION)
                    .tensorDialect(AUDIO)
                    .moderationCategory("LABEL_1", ModerationCategory.HATE)
                    .backend(FakeBackend.answering(DocumentedAnswersTest::tensors)))
        .build();
  }

  /** A backend that loads and unloads models. */
  private record Loading(FakeBackend fake) implements InferenceBackend {
    @Override
    public Flow.Publisher<InferResponse> infer(InferCall call) {
      return fake.infer(call);
    }

    @Override
    public CompletionStage<Boolean> loadModel(String modelName) {
      return CompletableFuture.completedFuture(true);
    }

    @Override
    public CompletionStage<Boolean> unloadModel(String modelName) {
      return CompletableFuture.completedFuture(true);
    }

    @Override
    public void close() {}
  }

  private static FakeBackend letters() {
    return FakeBackend.responses(
        InferResponse.of(
            Tensor.text("text_output", "A"),
            Tensor.text(
                "logprobs", "[{\"1\":{\"logprob\":-0.5,\"rank\":1,\"decoded_token\":\"A\"}}]")));
  }

  private static InferResponse tensor(String name, float... values) {
    return InferResponse.of(Tensor.of(name, new long[] {1, values.length}, values));
  }

  private static ScriptedResponse tensors(InferCall call) {
    return ScriptedResponse.of(
        List.of(
            call.request()
                .input("documents")
                .map(documents -> InferResponse.of(Tensor.floats("scores", 0.5f, 0.25f)))
                .or(() -> call.request().input("text").map(DocumentedAnswersTest::classes))
                .or(() -> call.request().input("file").map(file -> transcript()))
                .orElseGet(() -> InferResponse.of(Tensor.text("audio", "RIFF")))));
  }

  private static InferResponse classes(Tensor texts) {
    float[] scores = new float[2 * texts.size()];
    return InferResponse.of(Tensor.of("scores", new long[] {texts.size(), 2}, scores));
  }

  private static InferResponse transcript() {
    return InferResponse.of(
        Tensor.text("text", "Hello"),
        Tensor.text("language", "en"),
        Tensor.floats("duration", 1.5f),
        Tensor.text("segments", "[{\"start\":0,\"end\":1,\"text\":\"Hello\"}]"),
        Tensor.text("words", "[{\"start\":0,\"end\":1,\"word\":\"Hello\"}]"));
  }

  /** One token for each character. */
  private enum Letters implements Tokenizer {
    INSTANCE;

    @Override
    public int count(String text) {
      return text.length();
    }

    @Override
    public int[] encode(String text) {
      return text.chars().toArray();
    }

    @Override
    public String decode(int[] tokens) {
      return new String(tokens, 0, tokens.length);
    }
  }
}
