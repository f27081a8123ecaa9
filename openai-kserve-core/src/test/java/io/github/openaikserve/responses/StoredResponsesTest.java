package io.github.openaikserve.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.responses.Response;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.openai.responses.ResponseStatus;
import io.github.openaikserve.openai.responses.ResponseStreamEvent;
import io.github.openaikserve.openai.responses.ResponseTool;
import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.store.MemoryResponseStore;
import io.github.openaikserve.store.StoredItem;
import io.github.openaikserve.store.StoredObject;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testsupport.LogCapture;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that are stored, retrieved and continued. */
final class StoredResponsesTest {
  private static final String CALL =
      "<tool_call>\n{\"name\": \"weather\", \"arguments\": {}}\n</tool_call>";

  @RegisterExtension
  final LogCapture log = new LogCapture("io.github.openaikserve.internal.responses", Level.INFO);

  private final SteeredStore store = new SteeredStore();
  private final FakeBackend backend = FakeBackend.tokens("Hel", "lo");
  private final Api api = Api.over(backend, store);

  @Test
  void aResponseIsStoredUnlessTheRequestSaysNo() {
    JsonNode stored = api.create("{'input':'Hi'}").json();
    JsonNode unstored = api.create("{'input':'Hi','store':false}").json();

    assertThat(stored.get("store").asBoolean()).isTrue();
    assertThat(api.get("/v1/responses/" + stored.get("id").asText()).json()).isEqualTo(stored);
    assertThat(unstored.get("store").asBoolean()).isFalse();
    JsonNode error = api.get("/v1/responses/" + unstored.get("id").asText()).error(404);
    assertThat(error.get("code").asText()).isEqualTo("response_not_found");
    assertThat(error.get("message").asText()).contains("expired", "not stored");
  }

  @Test
  void aStreamedResponseIsStoredWhenItsLastEventArrives() {
    JsonNode last = api.create("{'input':'Hi','stream':true}").last().get("response");

    assertThat(last.get("store").asBoolean()).isTrue();
    assertThat(api.get("/v1/responses/" + last.get("id").asText()).json()).isEqualTo(last);
  }

  @Test
  void theLastEventWaitsForTheStore() {
    CompletableFuture<Void> gate = store.hold();
    TestSubscriber<ResponseStreamEvent> reader = streamed();

    assertThat(lastType(reader)).isEqualTo("response.output_item.done");
    gate.complete(null);
    assertThat(lastType(reader)).isEqualTo("response.completed");
    assertThat(reader.isCompleted()).isTrue();
  }

  @Test
  void aStreamThatIsCancelledWhileItIsStoredEnds() {
    CompletableFuture<Void> gate = store.hold();
    TestSubscriber<ResponseStreamEvent> reader = streamed();

    reader.cancel();
    gate.complete(null);

    assertThat(lastType(reader)).isEqualTo("response.output_item.done");
    assertThat(reader.hasEnded()).isFalse();
    api.openai().shutdown();
    assertThat(terminated()).isTrue();
  }

  private boolean terminated() {
    try {
      return api.openai().awaitTermination(Duration.ZERO);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private TestSubscriber<ResponseStreamEvent> streamed() {
    var reader = new TestSubscriber<ResponseStreamEvent>(Long.MAX_VALUE);
    api.openai().responses().streamAsync(r -> r.input("Hi")).subscribe(reader);
    return reader;
  }

  private static String lastType(TestSubscriber<ResponseStreamEvent> reader) {
    return reader.items().get(reader.items().size() - 1).type();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aResponseThatCannotBeStoredIsAnsweredAllTheSame(boolean stream) {
    store.fail(1);

    Api.Answer answer = api.create("{'input':'Hi','stream':" + stream + "}");

    JsonNode response = stream ? answer.last().get("response") : answer.json();
    assertThat(response.at("/output/0/content/0/text").asText()).isEqualTo("Hello");
    assertThat(response.get("status").asText()).isEqualTo("completed");
    assertThat(response.get("store").asBoolean()).isFalse();
    assertThat(log.messages())
        .anyMatch(m -> m.startsWith("response not stored id=resp_") && m.contains("is down"));
  }

  @Test
  void aStoreThatDoesNotAnswerDelaysAResponseByTenSeconds() {
    var time = new ManualScheduler();
    var slow = new Api(Api.builder(backend).responseStore(store).scheduler(time).build());
    store.hold();
    CompletableFuture<Api.Answer> answer = slow.sent("POST", "/v1/responses", "{'input':'Hi'}");

    time.advance(Duration.ofSeconds(9));
    assertThat(answer).isNotDone();
    time.advance(Duration.ofSeconds(1));

    assertThat(answer.join().json().get("store").asBoolean()).isFalse();
  }

  @Test
  void theTimeLimitsOfTheModelDoNotEndAResponseThatIsBeingStored() {
    var time = new ManualScheduler();
    var limited =
        new Api(
            OpenAiKServe.builder(backend)
                .model("m", m -> m.dialect(Dialects.ANYSERVE).timeout(Duration.ofSeconds(5)))
                .responseStore(store)
                .scheduler(time)
                .build());
    CompletableFuture<Void> gate = store.hold();
    CompletableFuture<Api.Answer> answer = limited.sent("POST", "/v1/responses", "{'input':'Hi'}");

    time.advance(Duration.ofSeconds(8));
    gate.complete(null);

    assertThat(answer.join().json().get("store").asBoolean()).isTrue();
  }

  @Test
  void aResponseContinuesTheChainBeforeIt() {
    String first = api.create("{'input':'Who are you?','instructions':'Be brief.'}").id();
    String second = api.create("{'input':'And then?','previous_response_id':'" + first + "'}").id();

    JsonNode third =
        api.create("{'input':'At last?','previous_response_id':'" + second + "'}").json();

    assertThat(third.get("previous_response_id").asText()).isEqualTo(second);
    assertThat(Api.lastPrompt(backend))
        .containsSubsequence("Who are you?", "Hello", "And then?", "Hello", "At last?")
        .doesNotContain("Be brief."); // instructions are those of one request
  }

  @Test
  void aChainIsContinuedWithTheOutputOfATool() {
    FakeBackend agent = FakeBackend.answers(List.of(CALL), List.of("It is sunny."));
    Api tools = Api.over(agent, store);
    JsonNode first =
        tools.create("{'input':'Weather?','tools':[{'type':'function','name':'weather'}]}").json();

    tools
        .create(
            "{'previous_response_id':'%s','input':[{'type':'function_call_output','call_id':'%s','output':'21 degrees'}]}"
                .formatted(first.get("id").asText(), first.at("/output/0/call_id").asText()))
        .json();

    assertThat(Api.lastPrompt(agent)).containsSubsequence("Weather?", "weather", "21 degrees");
  }

  @Test
  void aMissingPreviousResponseIsA404WithAdvice() {
    JsonNode error = api.create("{'input':'Hi','previous_response_id':'resp_none'}").error(404);

    assertThat(error.get("param").asText()).isEqualTo("previous_response_id");
    assertThat(error.get("message").asText()).contains("resp_none", "expired", "not stored");
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void anExpiredPreviousResponseIsA404() {
    var time = new ManualScheduler();
    var expiring =
        MemoryResponseStore.builder().timeToLive(Duration.ofHours(1)).scheduler(time).build();
    Api brief = Api.over(backend, expiring);
    String first = brief.create("{'input':'Hi'}").id();
    time.advance(Duration.ofHours(1));

    brief.create("{'input':'Hi','previous_response_id':'" + first + "'}").error(404);
    brief.get("/v1/responses/" + first).error(404);
  }

  @Test
  void aChainThatWasDeletedInTheMiddleIsA404() {
    String first = api.create("{'input':'One'}").id();
    String second = api.create("{'input':'Two','previous_response_id':'" + first + "'}").id();
    api.delete("/v1/responses/" + first).json();

    JsonNode error =
        api.create("{'input':'Three','previous_response_id':'" + second + "'}").error(404);

    assertThat(error.get("message").asText()).contains(first);
  }

  @Test
  void aChainThatEndsNowhereIsRefused() {
    for (String id : List.of("resp_a", "resp_b")) {
      String previous = id.equals("resp_a") ? "resp_b" : "resp_a";
      byte[] json =
          ("{\"status\":\"completed\",\"previous_response_id\":\"" + previous + "\"}")
              .getBytes(StandardCharsets.UTF_8);
      store.put(new StoredObject(id, json, List.of())).join();
    }

    JsonNode error = api.create("{'input':'Hi','previous_response_id':'resp_a'}").error(400);

    assertThat(error.get("code").asText()).isEqualTo("conversation_too_long");
  }

  @Test
  void aLongChainIsReadWithoutRecursion() {
    byte[] item =
        "{\"type\":\"message\",\"role\":\"user\",\"content\":\"x\"}"
            .getBytes(StandardCharsets.UTF_8);
    String previous = "null";
    for (int i = 0; i < 1000; i++) {
      String json = "{\"status\":\"completed\",\"previous_response_id\":" + previous + "}";
      store
          .put(
              new StoredObject(
                  "resp_" + i,
                  json.getBytes(StandardCharsets.UTF_8),
                  List.of(new StoredItem("msg_" + i, item))))
          .join();
      previous = "\"resp_" + i + "\"";
    }

    api.create("{'input':'Hi','previous_response_id':'resp_999'}").json();

    store
        .put(
            new StoredObject(
                "resp_1000",
                "{\"status\":\"completed\",\"previous_response_id\":\"resp_999\"}"
                    .getBytes(StandardCharsets.UTF_8),
                List.of()))
        .join();
    api.create("{'input':'Hi','previous_response_id':'resp_1000'}").error(400);
  }

  @Test
  void aContinuedConversationCountsTowardsTheBodyLimit() {
    var small =
        new Api(
            Api.builder(backend)
                .responseStore(store)
                .requestLimits(RequestLimits.builder().body(1000).build())
                .build());
    String first = small.create("{'input':'" + "a".repeat(300) + "'}").id();
    String second =
        small
            .create("{'previous_response_id':'" + first + "','input':'" + "b".repeat(400) + "'}")
            .id();

    JsonNode error =
        small.create("{'previous_response_id':'" + second + "','input':'c'}").error(400);

    assertThat(error.get("code").asText()).isEqualTo("conversation_too_long");
  }

  @Test
  void aReferenceIsReplacedByItsItem() {
    JsonNode first = api.create("{'input':'Who are you?'}").json();

    JsonNode second =
        api.create(
                "{'input':[{'role':'user','content':'Who are you?'},{'type':'item_reference','id':'%s'},{'role':'user','content':'And then?'}]}"
                    .formatted(first.at("/output/0/id").asText()))
            .json();

    assertThat(Api.lastPrompt(backend)).containsSubsequence("Who are you?", "Hello", "And then?");
    api.delete("/v1/responses/" + first.get("id").asText()).json();
    JsonNode items = api.get("/v1/responses/" + second.get("id").asText() + "/input_items").json();
    assertThat(items.at("/data/1/id")).isEqualTo(first.at("/output/0/id"));
  }

  @Test
  void aMissingItemIsA404WithAdvice() {
    JsonNode error = api.create("{'input':[{'type':'item_reference','id':'msg_none'}]}").error(404);

    assertThat(error.get("param").asText()).isEqualTo("input[0]");
    assertThat(error.get("message").asText()).contains("msg_none", "'store': false");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "resp_", "conv_1", "x", "resp_\\u0000", "resp_ \\u00e9", "'||'", "../etc"})
  void hostileIdsAreNotFound(String id) {
    api.create("{'input':'Hi','previous_response_id':'" + id.replace("'", "") + "'}").error(404);
    api.create("{'input':'Hi','conversation':'" + id.replace("'", "") + "x'}").error(404);
    api.create("{'input':[{'type':'item_reference','id':'" + id.replace("'", "") + "'}]}")
        .error(404);
  }

  @Test
  void veryLongIdsAreNotFoundAndCut() {
    String id = "resp_" + "a".repeat(100_000);

    assertThat(api.create("{'input':'Hi','previous_response_id':'" + id + "'}").body())
        .hasSizeLessThan(500);
    assertThat(api.get("/v1/responses/" + id).body()).hasSizeLessThan(500);
    api.delete("/v1/responses/resp_%00").error(404);
    api.get("/v1/responses/resp_%zz").error(400);
  }

  @Test
  void anIdThatAClientInventsDoesNotReplaceAnItem() {
    JsonNode first = api.create("{'input':'Hi'}").json();
    String id = first.at("/output/0/id").asText();
    api.create(
            "{'input':[{'type':'message','id':'%s','role':'assistant','content':'Forged'},{'role':'user','content':'x'}]}"
                .formatted(id))
        .json();

    api.create("{'input':[{'type':'item_reference','id':'%s'}]}".formatted(id)).json();

    assertThat(Api.lastPrompt(backend)).contains("Hello").doesNotContain("Forged");
  }

  @Test
  void inputItemsHaveIdsAndPages() {
    String id =
        api.create(
                "{'input':[{'role':'user','content':'One'},{'role':'assistant','content':'Two'},{'type':'message','id':'msg_own','role':'user','content':[{'type':'input_text','text':'Three'}]},{'type':'message','id':'msg_own','role':'user','content':'Four'}]}")
            .id();
    String path = "/v1/responses/" + id + "/input_items";

    JsonNode all = api.get(path + "?order=asc").json();
    assertThat(all.get("data")).hasSize(4);
    assertThat(all.at("/data/0/content/0/text").asText()).isEqualTo("One");
    assertThat(all.at("/data/2/id").asText()).isEqualTo("msg_own");
    assertThat(all.at("/data/3/id").asText()).startsWith("msg_").isNotEqualTo("msg_own");
    assertThat(all.get("has_more").asBoolean()).isFalse();

    JsonNode newest = api.get(path + "?limit=3").json();
    assertThat(newest.get("has_more").asBoolean()).isTrue();
    assertThat(newest.get("first_id")).isEqualTo(all.get("last_id"));
    JsonNode rest = api.get(path + "?limit=3&after=" + newest.get("last_id").asText()).json();
    assertThat(rest.get("data")).hasSize(1);
    assertThat(rest.get("last_id")).isEqualTo(all.get("first_id"));
    assertThat(rest.get("has_more").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0, limit",
    "limit=101, limit",
    "limit=x, limit",
    "limit=99999999999999, limit",
    "order=up, order",
    "after=msg_none, after"
  })
  void anInvalidPageParameterIsRejectedByName(String query, String param) {
    String id = api.create("{'input':'Hi'}").id();

    JsonNode error = api.get("/v1/responses/" + id + "/input_items?" + query).error(400);

    assertThat(error.get("param").asText()).isEqualTo(param);
  }

  @Test
  void reasoningThatAnotherServerEncryptedIsKeptAndNotRead() {
    String secret = "gAAAAABo" + "x".repeat(2000);
    String items =
        "[{'role':'user','content':'Hi'},"
            + "{'type':'reasoning','id':'rs_1','summary':[],'content':null,'encrypted_content':'SECRET'},"
            + "{'type':'message','role':'assistant','content':[{'type':'output_text','text':'Hello','annotations':[]}]},"
            + "{'type':'reasoning','id':'rs_2','summary':[{'type':'summary_text','text':'I wonder.'}],'encrypted_content':'SECRET'},"
            + "{'role':'user','content':'And?'}]";
    String body =
        "{'include':['reasoning.encrypted_content'],'input':" + items.replace("SECRET", secret);

    api.create(body + ",'store':false}").json();
    Api.Answer stored = api.create(body + "}");

    assertThat(Api.lastPrompt(backend))
        .containsSubsequence("Hi", "Hello", "And?")
        .doesNotContain(secret);
    assertThat(stored.headers()).doesNotContainKey("x-openai-kserve-dropped-params");
    JsonNode input =
        api.get("/v1/responses/" + stored.id() + "/input_items?order=asc").json().get("data");
    assertThat(input.at("/1/encrypted_content").asText()).isEqualTo(secret);
    assertThat(input.at("/3/encrypted_content").asText()).isEqualTo(secret);
    assertThat(input.at("/3/summary/0/text").asText()).isEqualTo("I wonder.");
    api.create("{'input':'More','previous_response_id':'" + stored.id() + "'}").json();
  }

  @Test
  void anOutputWithoutACallIsPartOfTheConversation() {
    String items =
        "{'input':[{'role':'user','content':'Go'},"
            + "{'type':'function_call','call_id':'c','name':'f','arguments':'{}'},"
            + "{'type':'function_call_output','call_id':'c','output':'It is so.'},"
            + "{'type':'function_call_output','name':'goal_objective','namespace':'agent','output':'Make a file.'}]}";

    Api.Answer answer = api.create(items);
    api.create("{'input':'More','previous_response_id':'" + answer.id() + "'}").json();

    assertThat(Api.lastPrompt(backend))
        .containsSubsequence(
            "Go", "It is so.", "Output of agent.goal_objective:\nMake a file.", "More");
    JsonNode stored =
        api.get("/v1/responses/" + answer.id() + "/input_items?order=asc").json().at("/data/3");
    assertThat(stored.get("name").asText()).isEqualTo("goal_objective");
    assertThat(stored.get("namespace").asText()).isEqualTo("agent");
    assertThat(stored.has("call_id")).isFalse();
    api.create("{'input':[{'type':'custom_tool_call_output','output':'x'}]}").error(400);
  }

  @Test
  void aResponseIsDeletedOnce() {
    String id = api.create("{'input':'Hi'}").id();

    assertThat(api.delete("/v1/responses/" + id).json().get("deleted").asBoolean()).isTrue();

    api.delete("/v1/responses/" + id).error(404);
    api.get("/v1/responses/" + id).error(404);
    api.get("/v1/responses/" + id + "/input_items").error(404);
  }

  @Test
  void aStoredResponseIsNotStreamedAgain() {
    String id = api.create("{'input':'Hi'}").id();

    JsonNode error = api.get("/v1/responses/" + id + "?stream=true").error(400);

    assertThat(error.get("param").asText()).isEqualTo("stream");
    api.get("/v1/responses/" + id + "?stream=false&include[]=x").json();
  }

  @Test
  void onlyAResponseInTheBackgroundCanBeCancelled() {
    String id = api.create("{'input':'Hi'}").id();

    assertThat(api.send("POST", "/v1/responses/" + id + "/cancel", "").error(400).toString())
        .contains("background");
    api.send("POST", "/v1/responses/resp_none/cancel", "").error(404);
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /v1/responses/resp_1, 'GET, HEAD, DELETE'",
    "GET, /v1/responses, POST",
    "GET, /v1/responses/resp_1/cancel, POST",
    "POST, /v1/responses/resp_1/input_items, 'GET, HEAD'",
    "GET, /v1/conversations, POST",
    "PUT, /v1/conversations/conv_1, 'GET, HEAD, POST, DELETE'",
    "DELETE, /v1/conversations/conv_1/items, 'GET, HEAD, POST'",
    "POST, /v1/conversations/conv_1/items/msg_1, 'GET, HEAD, DELETE'"
  })
  void aWrongMethodIs405WithTheAllowedMethods(String method, String path, String allowed) {
    Api.Answer answer = api.send(method, path, "");

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.headers()).containsEntry("allow", allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/responses/resp_1/other",
        "/v1/responses/resp_1/cancel/x",
        "/v1/conversations/conv_1/x",
        "/v1/conversations/conv_1/items/a/b"
      })
  void otherPathsAreUnknown(String path) {
    assertThat(api.get(path).error(404).get("code").asText()).isEqualTo("unknown_url");
  }

  @Test
  void headIsAnsweredAsGet() {
    String id = api.create("{'input':'Hi'}").id();

    assertThat(api.unread("HEAD", "/v1/responses/" + id, "").status()).isEqualTo(200);
  }

  @Test
  void requestsWithoutStoredResponsesAreServedWhileTheStoreIsDown() {
    String id = api.create("{'input':'Hi'}").id();
    store.fail(Integer.MAX_VALUE);

    api.create("{'input':'Hi','store':false}").json();
    for (String body :
        List.of(
            "{'input':'Hi','previous_response_id':'" + id + "'}",
            "{'input':'Hi','conversation':'conv_1'}",
            "{'input':'Hi','background':true}",
            "{'input':[{'type':'item_reference','id':'msg_1'}]}")) {
      JsonNode error = api.create(body).error(503);
      assertThat(error.get("code").asText()).isEqualTo("response_store_unavailable");
      assertThat(error.get("message").asText()).doesNotContain("is down");
    }
    api.get("/v1/responses/" + id).error(503);
    api.delete("/v1/responses/" + id).error(503);
    store.fail(0);
    api.get("/v1/responses/" + id).json();
    assertThat(log.messages())
        .filteredOn(m -> m.startsWith("response store"))
        .containsExactly(
            "response store failed, further failures are not logged until it recovers",
            "response store available again");
  }

  @Test
  void unreadableStoredDataIsAStoreFailure() {
    store
        .put(
            new StoredObject("resp_broken", "not JSON".getBytes(StandardCharsets.UTF_8), List.of()))
        .join();

    api.create("{'input':'Hi','previous_response_id':'resp_broken'}").error(503);
  }

  @Test
  void withoutAStoreStoredResponsesAreRefused() {
    var stateless = new Api(Api.builder(backend).build());

    assertThat(stateless.create("{'input':'Hi','store':true}").json().get("store").asBoolean())
        .isFalse();
    assertThat(stateless.get("/v1/responses/resp_1").error(404).get("message").asText())
        .contains("does not store responses");
    stateless.send("POST", "/v1/conversations", "{}").error(404);
  }

  @Test
  void aFailedResponseIsNotStored() {
    Api failing = Api.over(FakeBackend.tokens("ABC"), store);
    String body =
        "{'input':'Hi','stream':true,'text':{'format':{'type':'json_schema','name':'a','schema':{'type':'object'}}}}";

    JsonNode last = failing.create(body).last();

    assertThat(last.get("type").asText()).isEqualTo("response.failed");
    assertThat(last.at("/response/store").asBoolean()).isFalse();
    failing.get("/v1/responses/" + last.at("/response/id").asText()).error(404);
  }

  @Test
  void storedObjectsAreReadFromJava() {
    var responses = Api.over(FakeBackend.tokens(CALL), store).openai().responses();
    Response created =
        responses.create(
            r ->
                r.input("Weather?")
                    .instructions("Be brief.")
                    .metadata(Map.of("a", "b"))
                    .extra("user", "u")
                    .maxOutputTokens(500)
                    .tool(ResponseTool.function("weather", null, Map.of("type", "object"))));

    Response read = responses.retrieve(created.id());

    assertThat(read.output()).isEqualTo(created.output());
    assertThat(read.usage()).isEqualTo(created.usage());
    assertThat(read.status()).isEqualTo(ResponseStatus.COMPLETED);
    assertThat(read.createdAt()).isEqualTo(created.createdAt());
    assertThat(read.completedAt()).isEqualTo(created.completedAt());
    assertThat(read.request().instructions()).isEqualTo("Be brief.");
    assertThat(read.request().metadata()).containsEntry("a", "b");
    assertThat(read.request().extra()).containsEntry("user", "u");
    assertThat(read.request().maxOutputTokens()).isEqualTo(500);
    assertThat(responses.inputItems(created.id()))
        .singleElement()
        .isInstanceOfSatisfying(
            ResponseItem.Message.class,
            message -> assertThat(message.text()).isEqualTo("Weather?"));
    responses.delete(created.id());
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> responses.retrieve(created.id()))
        .satisfies(e -> assertThat(e.status()).isEqualTo(404));
  }

  @Test
  void javaReportsAMissingStoreByTheFuture() {
    var responses = new Api(Api.builder(backend).build()).openai().responses();

    assertThat(responses.retrieveAsync("resp_1")).isCompletedExceptionally();
    assertThat(responses.deleteAsync("resp_1")).isCompletedExceptionally();
    assertThat(responses.cancelAsync("resp_1")).isCompletedExceptionally();
    assertThat(responses.inputItemsAsync("resp_1")).isCompletedExceptionally();
  }
}
