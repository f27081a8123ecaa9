package io.github.openaikserve.responses;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.CheckedHandler;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.FakeReply;
import io.github.openaikserve.testsupport.Bodies;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests as Codex, the Agents SDKs, the AI SDK and OpenAI's SDKs really send them. */
final class CapturedRequestsTest {
  static Stream<Path> requests() throws IOException, URISyntaxException {
    var folder =
        Objects.requireNonNull(
            CapturedRequestsTest.class.getResource("/openai/responses/requests"));
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("requests")
  void isAnsweredOrRefusedByName(Path file) throws IOException {
    var openai =
        OpenAiKServe.builder(FakeBackend.answering(CapturedRequestsTest::reply))
            .model(
                "llamacpp",
                m ->
                    m.dialect(Dialects.ANYSERVE)
                        .alias("qwen3")
                        .alias("emul")
                        .alias("gpt-4o")
                        .alias("gpt-5")
                        .chatTemplate(ChatTemplates.QWEN3)
                        .emulateResponseFormat(true))
            .build();
    var checked = new CheckedHandler(openai.httpHandler());

    ApiResponse response =
        checked
            .handle(new ApiRequest("POST", "/v1/responses", Map.of(), Files.readAllBytes(file)))
            .join();
    String body = Bodies.text(response);

    if (file.getFileName().toString().contains("item-reference")) {
      assertThat(response.status()).isEqualTo(400);
      assertThat(body).contains("'store': false");
    } else {
      assertThat(response.status()).as(body).isEqualTo(200);
    }
    assertThat(checked.problems()).isEmpty();
    assertThat(checked.seen()).isPositive();
    assertThat(dropped(response))
        .isSubsetOf("tools.web_search", "tools.web_search_preview", "text.verbosity", "");
  }

  /** Answers as the requests ask for it: with a city as JSON, or with the call that is begun. */
  private static FakeReply reply(InferCall call) {
    String prompt = call.request().input("prompt").orElseThrow().texts().get(0);
    return prompt.endsWith("\"arguments\": ")
        ? FakeReply.tokens(call, "{\"city\": \"Rome\"}", "}\n</tool_call>")
        : FakeReply.tokens(call, "{\"name\": \"Rome\",", " \"population\": 3}");
  }

  private static List<String> dropped(ApiResponse response) {
    return List.of(
        response.headers().getOrDefault("x-openai-kserve-dropped-params", "").split(", "));
  }
}
