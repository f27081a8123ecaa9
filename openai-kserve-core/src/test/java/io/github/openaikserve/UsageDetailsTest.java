package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.CheckedHandler;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.kserve.TensorMetadata;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.Prompt;
import io.github.openaikserve.openai.responses.Response;
import io.github.openaikserve.store.MemoryResponseStore;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.Bodies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server had in its cache is in the usage of every API. */
final class UsageDetailsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Dialect COUNTING =
      Dialect.builder("counting")
          .input("prompt", Datatype.BYTES, RequestField.PROMPT)
          .output("text", ResponseField.TEXT)
          .output("in", ResponseField.PROMPT_TOKENS)
          .output("cached", ResponseField.CACHED_TOKENS)
          .output("out", ResponseField.COMPLETION_TOKENS)
          .decoupled()
          .build();

  private static final String MESSAGES = "'messages':[{'role':'user','content':'Hi'}]";

  private static OpenAiKServe openai(InferResponse... responses) {
    return OpenAiKServe.builder(FakeBackend.responses(responses))
        .model("m", COUNTING)
        .responseStore(MemoryResponseStore.ofDefaults())
        .build();
  }

  private static InferResponse counted(int cached) {
    return InferResponse.of(
        Tensor.text("text", "x"),
        Tensor.ints("in", 10),
        Tensor.ints("cached", cached),
        Tensor.ints("out", 1));
  }

  private static InferResponse uncounted() {
    return InferResponse.of(Tensor.text("text", "x"), Tensor.ints("in", 10), Tensor.ints("out", 1));
  }

  /** Returns the last usage of an answer, whole or streamed. */
  private static JsonNode usage(OpenAiKServe openai, String path, String body) throws IOException {
    var checked = new CheckedHandler(openai.httpHandler());
    byte[] json = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ApiResponse response = checked.handle(new ApiRequest("POST", path, Map.of(), json)).join();
    String text = Bodies.text(response);
    assertThat(response.status()).as(text).isEqualTo(200);
    assertThat(checked.problems()).isEmpty();
    JsonNode last = null;
    for (String line : text.split("\n")) {
      String data = line.startsWith("data: ") ? line.substring("data: ".length()) : line;
      if (data.startsWith("{")) {
        JsonNode event = JSON.readTree(data);
        JsonNode usage = event.has("usage") ? event.get("usage") : event.at("/response/usage");
        last = usage.isObject() ? usage : last;
      }
    }
    return Objects.requireNonNull(last);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "/v1/chat/completions | MESSAGES                                     | /prompt_tokens_details/cached_tokens",
        "/v1/chat/completions | MESSAGES,'stream':true,'stream_options':{'include_usage':true} | /prompt_tokens_details/cached_tokens",
        "/v1/completions      | 'prompt':'Hi'                                | /prompt_tokens_details/cached_tokens",
        "/v1/responses        | 'input':'Hi'                                 | /input_tokens_details/cached_tokens",
        "/v1/responses        | 'input':'Hi','stream':true                   | /input_tokens_details/cached_tokens",
        "/v1/messages         | MESSAGES,'max_tokens':9                      | /cache_read_input_tokens",
        "/v1/messages         | MESSAGES,'max_tokens':9,'stream':true        | /cache_read_input_tokens",
      })
  void cachedTokensAreWhereClientsReadThem(String path, String body, String place)
      throws IOException {
    String sent = "{" + body.replace("MESSAGES", MESSAGES) + "}";

    JsonNode told = usage(openai(counted(8)), path, sent);
    JsonNode none = usage(openai(counted(0)), path, sent);
    JsonNode unknown = usage(openai(uncounted()), path, sent);

    assertThat(told.at(place).asInt(-1)).isEqualTo(8);
    assertThat(none.at(place).asInt(-1)).isZero();
    boolean required = !path.contains("completions");
    assertThat(unknown.at(place).asInt(-1)).isEqualTo(required ? 0 : -1);
    // Anthropic's input_tokens are those that no cache had.
    int input = told.path(told.has("prompt_tokens") ? "prompt_tokens" : "input_tokens").asInt();
    assertThat(input).isEqualTo(path.contains("messages") ? 2 : 10);
  }

  @Test
  void thePromptThatSeveralChoicesShareCountsOnce() {
    CompletionUsage usage =
        Objects.requireNonNull(
            openai(counted(8)).chatCompletions().create(r -> r.user("Hi").n(3)).usage());

    assertThat(usage).isEqualTo(new CompletionUsage(10, 3, false, 0, 8));
  }

  @Test
  void severalPromptsAddUp() {
    CompletionUsage usage =
        Objects.requireNonNull(
            openai(counted(8))
                .completions()
                .create(r -> r.prompt(new Prompt.Texts(List.of("a", "b"))))
                .usage());

    assertThat(usage.promptTokens()).isEqualTo(20);
    assertThat(usage.cachedTokens()).isEqualTo(16);
  }

  @Test
  void aServerThatCountsMoreThanThePromptIsNotBelieved() {
    CompletionUsage usage =
        Objects.requireNonNull(
            openai(counted(Integer.MAX_VALUE)).completions().create(r -> r.prompt("a")).usage());

    assertThat(usage.cachedTokens()).isEqualTo(10);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CompletionUsage(3, 4, false, 0, 4))
        .withMessageContaining("cachedTokens must be 0 to 3");
  }

  @Test
  void aModelThatDeclaresThemIsReadWithoutATable() {
    ModelMetadata metadata =
        new ModelMetadata(
            "m",
            List.of("1"),
            "python",
            List.of(new TensorMetadata("text_input", "BYTES", List.of(1L))),
            List.of(
                new TensorMetadata("text_output", "BYTES", List.of(1L)),
                new TensorMetadata("num_cached_tokens", "INT32", List.of(1L))));
    var server = new ServerMetadata("triton", "2.60", List.of());

    Dialect dialect =
        Dialects.detect(
                new ModelDescription(
                    "m", Optional.of(server), Optional.of(metadata), Optional.empty()))
            .dialect()
            .orElseThrow();

    assertThat(dialect.reports(ResponseField.CACHED_TOKENS)).isTrue();
  }

  @Test
  void aStoredResponseKeepsThem() {
    OpenAiKServe openai = openai(counted(8));
    Response created = openai.responses().create(r -> r.input("Hi"));

    assertThat(openai.responses().retrieve(created.id()).usage()).isEqualTo(created.usage());
    assertThat(Objects.requireNonNull(created.usage()).cachedTokens()).isEqualTo(8);
  }
}
