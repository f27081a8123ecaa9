package io.github.openaikserve.internal.json.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.store.MemoryResponseStore;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The OpenAPI document says what the readers and the router do. */
final class OpenApiDocumentTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Path DOCUMENT =
      Path.of("src/main/resources/io/github/openaikserve/internal/http/openapi.json");

  private final OpenAiHandler handler =
      builder()
          .responseStore(MemoryResponseStore.builder().build())
          .modelControl(true)
          .build()
          .httpHandler();

  /** With {@code -Dwrite.pages=true} the document is written, and not checked. */
  @Test
  void theDocumentIsMadeFromTheReaders() throws IOException {
    String expected =
        MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(OpenApiDocument.generate())
            + "\n";

    if (Boolean.getBoolean("write.pages")) {
      Files.writeString(DOCUMENT, expected);
    }

    assertThat(Files.readString(DOCUMENT)).isEqualTo(expected);
  }

  @Test
  void everyPathIsServedWithItsMethods() {
    JsonNode document = document(handler);

    List<String> refused = new ArrayList<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> {
                          String name = method.toUpperCase(Locale.ROOT);
                          String target = path.getKey().replaceAll("\\{[^}]*}", "x");
                          var head = Requests.request(name, target);
                          if (handler.reject(head).isPresent()) {
                            refused.add(name + " " + target);
                          }
                        }));

    assertThat(document.get("paths")).hasSizeGreaterThan(20);
    assertThat(refused).isEmpty();
  }

  @Test
  void everyReferenceHasItsTarget() {
    JsonNode document = document(handler);

    List<String> dangling =
        document.findValuesAsText("$ref").stream()
            .filter(ref -> document.at(ref.substring(1)).isMissingNode())
            .toList();

    assertThat(document.findValues("$ref")).isNotEmpty();
    assertThat(dangling).isEmpty();
  }

  @Test
  void pathsThatAreNotServedAreAbsentFromTheDocument() {
    JsonNode paths = document(builder().build().httpHandler()).get("paths");

    assertThat(paths.has("/v1/chat/completions")).isTrue();
    assertThat(paths.has("/v1/conversations")).isFalse();
    assertThat(paths.has("/v1/models/{model}/load")).isFalse();
  }

  @Test
  void aSampleOfEachRequestIsAccepted() {
    JsonNode document = document(handler);
    JsonNode schemas = document.at("/components/schemas");
    JsonNode chat = RequestSchema.sample(schemas.get("CreateChatCompletionRequest"));

    ApiResponse response =
        handler.handle(Requests.post("/v1/chat/completions", chat.toString())).join();

    assertThat(Bodies.text(response)).contains("chat.completion");
  }

  private static JsonNode document(OpenAiHandler handler) {
    ApiResponse response = handler.handle(Requests.get("/openapi.json")).join();
    assertThat(response.headers()).containsEntry("content-type", "application/json");
    try {
      return MAPPER.readTree(Bodies.text(response));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static OpenAiKServe.Builder builder() {
    return OpenAiKServe.builder(FakeBackend.tokens("a")).model("m", Dialects.ANYSERVE);
  }
}
