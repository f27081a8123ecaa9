package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.EmbeddingDialect;
import io.github.openaikserve.dialect.EmbeddingDialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.CheckedHandler;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Conversations with each server, from request to answer, as files: {@code
 * golden/<dialect>/<case>}. Another dialect adds a directory and a line to {@link #DIALECTS}.
 */
final class DialectGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Map<String, Dialect> DIALECTS =
      Map.of(
          "anyserve",
          Dialects.ANYSERVE,
          "triton-vllm",
          Dialects.TRITON_VLLM,
          "tensorrt-llm",
          Dialects.TENSORRT_LLM,
          "tensorrt-llm-bls",
          Dialects.TENSORRT_LLM_BLS,
          "tensorrt-llm-api",
          Dialects.TENSORRT_LLM_API,
          "generic",
          generic(),
          "dynamo",
          Dialects.DYNAMO,
          "mlserver-huggingface",
          Dialects.MLSERVER_HUGGINGFACE,
          "openvino-graph",
          Dialects.generic("prompt", "completion")
              .input("max_tokens", Datatype.INT32, RequestField.MAX_TOKENS)
              .decoupled()
              .build());
  private static final Map<String, EmbeddingDialect> EMBEDDING_DIALECTS =
      Map.of(
          "generic",
          EmbeddingDialects.GENERIC,
          "openvino-encoder",
          EmbeddingDialects.generic("inputs", "outputs"));

  @ParameterizedTest
  @MethodSource("cases")
  void theConversationIsAsRecorded(Path directory) throws Exception {
    String dialect = directory.getName(directory.getNameCount() - 2).toString();
    byte[] request = Files.readAllBytes(directory.resolve("openai-request.json"));
    var backend = FakeBackend.responses(responses(directory));
    var openai =
        OpenAiKServe.builder(backend)
            .model(
                "llamacpp",
                model -> {
                  speak(dialect, model);
                  configure(directory, model);
                })
            .ids(() -> "id")
            .clock(() -> Instant.ofEpochSecond(1_700_000_000))
            .build();
    String path = path(JSON.readTree(request));
    var checked = new CheckedHandler(openai.httpHandler());

    ApiResponse response =
        checked
            .handle(new ApiRequest("POST", path, Map.of(), request))
            .toCompletableFuture()
            .join();

    assertThat(json(backend.calls().get(0)))
        .isEqualTo(JSON.readTree(directory.resolve("infer-request.json").toFile()));
    assertThat(answer(response))
        .isEqualTo(JSON.readTree(directory.resolve("openai-response.json").toFile()));
    assertThat(checked.problems()).isEmpty();
    assertThat(checked.seen()).isPositive();
  }

  /** How a case's model is configured besides, in {@code route.json}. */
  private static void configure(Path directory, ModelBuilder model) {
    Path route = directory.resolve("route.json");
    if (Files.exists(route)) {
      try {
        String template = JSON.readTree(route.toFile()).get("chat_template").asText();
        model.chatTemplate(ChatTemplates.byName(template).orElseThrow());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void speak(String dialect, ModelBuilder model) {
    if (DIALECTS.containsKey(dialect)) {
      model.dialect(DIALECTS.get(dialect));
    }
    if (EMBEDDING_DIALECTS.containsKey(dialect)) {
      model.embeddingDialect(EMBEDDING_DIALECTS.get(dialect));
    }
  }

  /** A decoupled python model on Triton, which marks its end. */
  private static Dialect generic() {
    return Dialects.generic("prompt", "text")
        .input("max_tokens", Datatype.INT32, RequestField.MAX_TOKENS)
        .input("stream", Datatype.BOOL, RequestField.STREAM)
        .output("finish_reason", ResponseField.FINISH_REASON)
        .finalParameter("triton_final_response")
        .decoupled()
        .build();
  }

  private static String path(JsonNode request) {
    if (request.has("input")) {
      return "/v1/embeddings";
    }
    return request.has("messages") ? "/v1/chat/completions" : "/v1/completions";
  }

  static List<Path> cases() throws IOException {
    try (Stream<Path> found = Files.walk(GOLDEN, 2)) {
      return found.filter(path -> path.getNameCount() == GOLDEN.getNameCount() + 2).toList();
    }
  }

  private static InferResponse[] responses(Path directory) throws IOException {
    return Files.readAllLines(directory.resolve("infer-responses.jsonl")).stream()
        .map(DialectGoldenTest::response)
        .toArray(InferResponse[]::new);
  }

  private static InferResponse response(String line) {
    try {
      JsonNode response = JSON.readTree(line);
      Tensor[] outputs =
          Stream.of(response.get("outputs"))
              .flatMap(
                  array -> Stream.iterate(0, i -> i < array.size(), i -> i + 1).map(array::get))
              .map(DialectGoldenTest::output)
              .toArray(Tensor[]::new);
      Map<String, InferParameter> parameters =
          response.path("triton_final_response").asBoolean()
                  || response.at("/parameters/triton_final_response").asBoolean()
              ? Map.of("triton_final_response", InferParameter.of(true))
              : Map.of();
      return new InferResponse("", "", "", parameters, List.of(outputs));
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  private static Tensor output(JsonNode output) {
    String name = output.get("name").asText();
    if (output.get("datatype").asText().equals("BYTES")) {
      return Tensor.text(name, output.at("/contents/0").asText());
    }
    long[] shape = new long[output.get("shape").size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = output.at("/shape/" + i).asLong();
    }
    if (!output.get("datatype").asText().equals("FP32")) {
      Datatype datatype = Datatype.valueOf(output.get("datatype").asText());
      return Tensor.of(name, datatype, shape, new int[] {output.at("/contents/0").asInt()});
    }
    float[] numbers = new float[output.get("contents").size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) output.at("/contents/" + i).asDouble();
    }
    return Tensor.of(name, shape, numbers);
  }

  private static JsonNode json(InferCall call) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("rpc", call.rpc().name());
    json.put("model_name", call.request().modelName());
    json.put("model_version", call.request().modelVersion());
    if (!call.request().parameters().isEmpty()) {
      ObjectNode parameters = json.putObject("parameters");
      call.request()
          .parameters()
          .forEach((name, value) -> parameters.put(name, ((InferParameter.Bool) value).value()));
    }
    ArrayNode inputs = json.putArray("inputs");
    for (Tensor tensor : call.request().inputs()) {
      ObjectNode input = inputs.addObject();
      input.put("name", tensor.name());
      input.put("datatype", tensor.datatype().name());
      ArrayNode shape = input.putArray("shape");
      for (long dimension : tensor.shape()) {
        shape.add(dimension);
      }
      ArrayNode contents = input.putArray("contents");
      switch (tensor.datatype()) {
        case BYTES -> tensor.texts().forEach(contents::add);
        case BOOL -> contents.add(tensor.booleans()[0]);
        case INT32 -> contents.add(tensor.ints()[0]);
        case UINT64 -> contents.add(tensor.longs()[0]);
        case FP32 -> contents.add(Double.parseDouble(Float.toString(tensor.floats()[0])));
        default -> throw new AssertionError("no form yet for " + tensor);
      }
      if (!tensor.parameters().isEmpty()) {
        ObjectNode parameters = input.putObject("parameters");
        tensor
            .parameters()
            .forEach((name, value) -> parameters.put(name, ((InferParameter.Text) value).value()));
      }
    }
    return JSON.readTree(json.toString());
  }

  /** The JSON of a whole answer, or of all events but the last one of a stream. */
  private static JsonNode answer(ApiResponse response) throws IOException {
    var bytes = new ByteArrayOutputStream();
    response.body().writeTo(bytes);
    String text = bytes.toString(StandardCharsets.UTF_8);
    if (!text.startsWith("data: ")) {
      return JSON.readTree(text);
    }
    assertThat(text).endsWith("data: [DONE]\n\n");
    String events = text.substring(0, text.length() - "data: [DONE]\n\n".length());
    return JSON.readTree(
        "[" + events.strip().replace("\n\ndata: ", ",").replaceFirst("^data: ", "") + "]");
  }
}
