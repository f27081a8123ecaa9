package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.ModelBuilder;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.grpc.recording.ReplayBackend;
import io.github.openaikserve.grpc.recording.ReplayOptions;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.CheckedHandler;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.testsupport.Bodies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Conversations with each server, from request to answer, as files: {@code
 * golden/<dialect>/<case>}. Another dialect adds a directory of its name.
 */
final class DialectGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  /** Custom dialects, as tables. */
  private static final Map<String, Dialect> DIALECTS =
      Map.of(
          "generic",
          generic(),
          "openvino-graph",
          Dialects.generic("prompt", "completion")
              .input("max_tokens", Datatype.INT32, RequestField.MAX_TOKENS)
              .decoupled()
              .build());

  private static final Map<String, Dialect> EMBEDDING_DIALECTS =
      Map.of(
          "generic",
          Dialects.EMBEDDINGS,
          "openvino-encoder",
          Dialects.embeddings("inputs", "outputs"));

  @ParameterizedTest
  @MethodSource("cases")
  void theConversationMatchesItsGoldenFiles(Path directory) throws Exception {
    String dialect = directory.getName(directory.getNameCount() - 2).toString();
    byte[] request = Files.readAllBytes(directory.resolve("openai-request.json"));
    ReplayBackend backend =
        ReplayBackend.from(directory.resolve("recording.jsonl"), ReplayOptions::quotingTexts);
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

    assertThat(backend.mismatches()).isEmpty();
    assertThat(backend.remaining()).isZero();
    assertThat(answer(response))
        .isEqualTo(JSON.readTree(directory.resolve("openai-response.json").toFile()));
    assertThat(checked.problems()).isEmpty();
    assertThat(checked.seen()).isPositive();
  }

  @Test
  void everyDialectThatGeneratesHasRecordedConversations() {
    assertThat(Dialects.names()).allMatch(name -> Files.isDirectory(GOLDEN.resolve(name)));
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
    Dialects.byName(dialect)
        .or(() -> Optional.ofNullable(DIALECTS.get(dialect)))
        .ifPresent(model::dialect);
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

  /** The JSON of a whole answer, or of all events but the last one of a stream. */
  private static JsonNode answer(ApiResponse response) throws IOException {
    String text = Bodies.text(response);
    if (!text.startsWith("data: ")) {
      return JSON.readTree(text);
    }
    assertThat(text).endsWith("data: [DONE]\n\n");
    String events = text.substring(0, text.length() - "data: [DONE]\n\n".length());
    return JSON.readTree(
        "[" + events.strip().replace("\n\ndata: ", ",").replaceFirst("^data: ", "") + "]");
  }
}
