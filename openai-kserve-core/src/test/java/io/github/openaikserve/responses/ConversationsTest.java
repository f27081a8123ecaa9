package io.github.openaikserve.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.testing.FakeBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Conversations, and the responses that continue them. */
final class ConversationsTest {
  private static final String USER = "{'type':'message','role':'user','content':'%s'}";

  private final SteeredStore store = new SteeredStore();
  private final FakeBackend backend = FakeBackend.tokens("Hel", "lo");
  private final Api api = Api.over(backend, store);

  private String created(String body) {
    return api.send("POST", "/v1/conversations", body).id();
  }

  private List<String> texts(String conversation) {
    List<String> texts = new ArrayList<>();
    api.get("/v1/conversations/" + conversation + "/items?order=asc&limit=100")
        .json()
        .get("data")
        .forEach(item -> texts.add(item.at("/content/0/text").asText()));
    return texts;
  }

  @Test
  void aConversationHasMetadataThatCanBeReplaced() {
    JsonNode created =
        api.send("POST", "/v1/conversations", "{'metadata':{'topic':'demo'}}").json();
    String path = "/v1/conversations/" + created.get("id").asText();

    assertThat(created.get("object").asText()).isEqualTo("conversation");
    assertThat(api.get(path).json()).isEqualTo(created);
    JsonNode updated = api.send("POST", path, "{'metadata':{'topic':'other'}}").json();
    assertThat(updated.at("/metadata/topic").asText()).isEqualTo("other");
    assertThat(updated.get("created_at")).isEqualTo(created.get("created_at"));
    assertThat(api.get(path).json()).isEqualTo(updated);
  }

  @Test
  void aConversationIsCreatedWithoutABody() {
    assertThat(created("")).startsWith("conv_");
  }

  @Test
  void aResponseContinuesAConversationAndAddsItsItems() {
    String id = created("{'items':[" + USER.formatted("My name is Ann.") + "]}");

    JsonNode response = api.create("{'input':'Who am I?','conversation':'" + id + "'}").json();

    assertThat(response.at("/conversation/id").asText()).isEqualTo(id);
    assertThat(Api.lastPrompt(backend)).containsSubsequence("My name is Ann.", "Who am I?");
    assertThat(texts(id)).containsExactly("My name is Ann.", "Who am I?", "Hello");
    api.create("{'input':'And now?','stream':true,'conversation':{'id':'" + id + "'}}").last();
    assertThat(Api.lastPrompt(backend))
        .containsSubsequence("My name is Ann.", "Who am I?", "Hello", "And now?");
    assertThat(texts(id)).hasSize(5);
  }

  @Test
  void aResponseThatIsNotStoredStillBelongsToItsConversation() {
    String id = created("");

    JsonNode response =
        api.create("{'input':'Hi','store':false,'conversation':'" + id + "'}").json();

    assertThat(response.get("store").asBoolean()).isFalse();
    api.get("/v1/responses/" + response.get("id").asText()).error(404);
    assertThat(texts(id)).containsExactly("Hi", "Hello");
  }

  @Test
  void aResponseOfAConversationIsContinuedFromWhereItWas() {
    String id = created("{'items':[" + USER.formatted("Zero") + "]}");
    String first = api.create("{'input':'One','conversation':'" + id + "'}").id();
    api.create("{'input':'Two','conversation':'" + id + "'}").json();

    api.create("{'input':'Three','previous_response_id':'" + first + "'}").json();

    assertThat(Api.lastPrompt(backend))
        .containsSubsequence("Zero", "One", "Hello", "Three")
        .doesNotContain("Two");
  }

  @Test
  void itemsAreAddedReadAndDeleted() {
    String id = created("{'items':[" + USER.formatted("One") + "]}");
    String path = "/v1/conversations/" + id + "/items";

    JsonNode added =
        api.send(
                "POST",
                path,
                "{'items':["
                    + USER.formatted("Two")
                    + ",{'type':'function_call','call_id':'c','name':'f','arguments':'{}'},"
                    + "{'type':'function_call_output','call_id':'c','output':'3'}]}")
            .json();

    assertThat(added.get("data")).hasSize(3);
    String second = added.at("/data/0/id").asText();
    assertThat(api.get(path + "/" + second).json()).isEqualTo(added.at("/data/0"));
    assertThat(api.delete(path + "/" + second).json().get("id").asText()).isEqualTo(id);
    api.get(path + "/" + second).error(404);
    api.delete(path + "/" + second).error(404);
    assertThat(api.get(path).json().get("data")).hasSize(3);
    assertThat(api.get(path + "?limit=1").json().at("/data/0")).isEqualTo(added.at("/data/2"));
  }

  @Test
  void aDeletedConversationIsGoneAndItsResponsesStay() {
    String id = created("");
    String response = api.create("{'input':'Hi','conversation':'" + id + "'}").id();

    JsonNode deleted = api.delete("/v1/conversations/" + id).json();

    assertThat(deleted.get("object").asText()).isEqualTo("conversation.deleted");
    assertThat(deleted.get("deleted").asBoolean()).isTrue();
    JsonNode error = api.create("{'input':'Hi','conversation':'" + id + "'}").error(404);
    assertThat(error.get("param").asText()).isEqualTo("conversation");
    api.get("/v1/conversations/" + id).error(404);
    api.get("/v1/conversations/" + id + "/items").error(404);
    api.send("POST", "/v1/conversations/" + id, "{'metadata':{}}").error(404);
    api.send("POST", "/v1/conversations/" + id + "/items", "{'items':[" + USER + "]}").error(404);
    api.delete("/v1/conversations/" + id).error(404);
    api.get("/v1/responses/" + response).json();
  }

  @Test
  void anEmptyConversationHasAnEmptyPage() {
    String id = created("");

    JsonNode page = api.get("/v1/conversations/" + id + "/items").json();

    assertThat(page.get("data")).isEmpty();
    assertThat(page.get("has_more").asBoolean()).isFalse();
  }

  @Test
  void aResponseIdIsNotAConversationId() {
    String response = api.create("{'input':'Hi'}").id();

    api.get("/v1/conversations/" + response).error(404);
    api.delete("/v1/conversations/" + response).error(404);
    api.get("/v1/responses/" + created("")).error(404);
  }

  @Test
  void wrongRequestsAreRefusedByName() {
    String id = created("");
    String path = "/v1/conversations/" + id;
    String many =
        String.join(",", IntStream.range(0, 21).mapToObj(i -> USER.formatted(i)).toList());

    assertThat(param("/v1/conversations", "{'items':[" + many + "]}")).isEqualTo("items");
    assertThat(param("/v1/conversations", "{'items':'x'}")).isEqualTo("items");
    assertThat(param("/v1/conversations", "{'items':[{'type':'item_reference','id':'x'}]}"))
        .isEqualTo("items[0]");
    assertThat(param("/v1/conversations", "{'metadata':{'a':1}}")).isEqualTo("metadata.a");
    assertThat(param("/v1/conversations", "{'metadata':{'a':'" + "x".repeat(513) + "'}}"))
        .isEqualTo("metadata");
    assertThat(param(path, "{}")).isEqualTo("metadata");
    assertThat(param(path + "/items", "{}")).isEqualTo("items");
  }

  private String param(String path, String body) {
    return api.send("POST", path, body).error(400).get("param").asText();
  }

  @Test
  void aConversationThatIsTooLongGetsNoMoreItems() {
    var small =
        new Api(
            Api.builder(backend)
                .responseStore(store)
                .requestLimits(RequestLimits.builder().body(2000).build())
                .build());
    String id = created("");
    String items = "/v1/conversations/" + id + "/items";
    String item = "{'items':[" + USER.formatted("x".repeat(800)) + "]}";

    small.send("POST", items, item).json();
    small.send("POST", items, item).json();
    JsonNode error = small.send("POST", items, item).error(400);

    assertThat(error.get("code").asText()).isEqualTo("conversation_too_long");
    assertThat(error.get("param").asText()).isEqualTo("items");
    assertThat(texts(id)).hasSize(2);
  }

  @Test
  void itemsOfAnUnknownConversationAreNotAdded() {
    api.send("POST", "/v1/conversations/conv_x/items", "{'items':[" + USER.formatted("x") + "]}")
        .error(404);
  }

  @Test
  void aConversationThatIsDeletedMeanwhileLosesNothingElse() {
    String id = created("");
    var gate = store.hold();
    var response = api.sent("POST", "/v1/responses", "{'input':'Hi','conversation':'" + id + "'}");
    var deletion = api.sent("DELETE", "/v1/conversations/" + id, "");

    gate.complete(null);

    assertThat(deletion.join().status()).isEqualTo(200);
    assertThat(response.join().json().get("store").asBoolean()).isTrue();
  }
}
