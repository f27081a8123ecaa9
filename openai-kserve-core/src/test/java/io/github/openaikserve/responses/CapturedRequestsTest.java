package io.github.openaikserve.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.CheckedHandler;
import io.github.openaikserve.store.MemoryResponseStore;
import io.github.openaikserve.store.ResponseStore;
import io.github.openaikserve.store.StoredItem;
import io.github.openaikserve.store.StoredObject;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Bodies;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  static Stream<Path> references() throws IOException, URISyntaxException {
    return requests().filter(file -> file.getFileName().toString().contains("item-reference"));
  }

  @ParameterizedTest
  @MethodSource("references")
  void referencesToItemsContinueAStoredConversation(Path file) throws IOException {
    JsonNode request = Api.JSON.readTree(Files.readAllBytes(file));
    ResponseStore store = MemoryResponseStore.ofDefaults();
    List<StoredItem> items = new ArrayList<>();
    for (JsonNode item : request.get("input")) {
      if (item.path("type").asText().equals("item_reference")) {
        items.add(stored(item.get("id").asText()));
      }
    }
    store.put(new StoredObject("resp_1", bytes("{}"), items)).join();
    FakeBackend backend = FakeBackend.answering(CapturedRequestsTest::reply);
    var api =
        new Api(
            OpenAiKServe.builder(backend)
                .model("qwen3", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.QWEN3))
                .responseStore(store)
                .build());

    JsonNode response = api.create(Files.readString(file)).json();

    assertThat(items).isNotEmpty();
    if (items.stream().anyMatch(item -> item.id().startsWith("msg_"))) {
      assertThat(Api.lastPrompt(backend)).containsSubsequence("hi", "Stored text.", "again");
    }
    JsonNode input =
        api.get("/v1/responses/" + response.get("id").asText() + "/input_items").json();
    assertThat(input.get("data")).hasSameSizeAs(request.get("input"));
  }

  private static StoredItem stored(String id) {
    String json =
        id.startsWith("rs_")
            ? "{'type':'reasoning','id':'%s','summary':[{'type':'summary_text','text':'Hm.'}]}"
            : "{'type':'message','id':'%s','role':'assistant','status':'completed','content':[{'type':'output_text','text':'Stored text.','annotations':[]}]}";
    return new StoredItem(id, bytes(json.formatted(id).replace('\'', '"')));
  }

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  /** Answers as the requests ask for it: with a city as JSON, or with the call that is begun. */
  private static ScriptedResponse reply(InferCall call) {
    String prompt = call.request().input("prompt").orElseThrow().texts().get(0);
    return prompt.endsWith("\"arguments\": ")
        ? ScriptedResponse.tokens(call, "{\"city\": \"Rome\"}", "}\n</tool_call>")
        : ScriptedResponse.tokens(call, "{\"name\": \"Rome\",", " \"population\": 3}");
  }

  private static List<String> dropped(ApiResponse response) {
    return List.of(
        response.headers().getOrDefault("x-openai-kserve-dropped-params", "").split(", "));
  }
}
