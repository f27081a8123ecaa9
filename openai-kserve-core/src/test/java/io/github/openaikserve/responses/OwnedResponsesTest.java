package io.github.openaikserve.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.store.MemoryResponseStore;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one owner stores does not exist for another one. */
final class OwnedResponsesTest {
  private final ManualScheduler time = new ManualScheduler();
  private final FakeBackend backend =
      FakeBackend.answering(
              call -> ScriptedResponse.tokens(call, "Hel", "lo").every(Duration.ofSeconds(1)))
          .scheduler(time);
  private final MemoryResponseStore store = MemoryResponseStore.ofDefaults();
  private final OpenAiKServe openai =
      Api.builder(backend).responseStore(store).scheduler(time).build();
  private final Api alice = new Api(openai.with(o -> o.owner("alice")));
  private final Api bob = new Api(openai.with(o -> o.owner("bob")));
  private final Api nobody = new Api(openai);

  private JsonNode created(Api api, String body) {
    var answer = api.sent("POST", "/v1/responses", body);
    time.advance(Duration.ofSeconds(10));
    return answer.join().json();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/responses/RESPONSE",
    "GET, /v1/responses/RESPONSE/input_items",
    "POST, /v1/responses/RESPONSE/cancel",
    "DELETE, /v1/responses/RESPONSE",
    "GET, /v1/conversations/CONVERSATION",
    "POST, /v1/conversations/CONVERSATION",
    "GET, /v1/conversations/CONVERSATION/items",
    "POST, /v1/conversations/CONVERSATION/items",
    "GET, /v1/conversations/CONVERSATION/items/ITEM",
    "DELETE, /v1/conversations/CONVERSATION/items/ITEM",
    "DELETE, /v1/conversations/CONVERSATION",
  })
  void aPathOfAnotherOwnerIsNotFound(String method, String path) {
    String conversation = alice.send("POST", "/v1/conversations", "{}").id();
    JsonNode response =
        created(alice, "{'input':'Hi','background':true,'conversation':'" + conversation + "'}");
    String id = response.get("id").asText();
    String item =
        alice.get("/v1/conversations/" + conversation + "/items").json().at("/data/0/id").asText();
    String asked =
        path.replace("RESPONSE", id).replace("CONVERSATION", conversation).replace("ITEM", item);
    String body =
        path.endsWith("/items")
            ? "{'items':[{'role':'user','content':'x'}]}"
            : "{'metadata':{'a':'b'}}";

    bob.send(method, asked, body).error(404);
    nobody.send(method, asked, body).error(404);

    assertThat(alice.send(method, asked, body).status()).isEqualTo(200);
  }

  @Test
  void aRequestOfAnotherOwnerContinuesNothing() {
    String conversation = alice.send("POST", "/v1/conversations", "{}").id();
    JsonNode response = created(alice, "{'input':'A secret'}");
    String id = response.get("id").asText();
    String item = response.at("/output/0/id").asText();

    for (Api other : List.of(bob, nobody)) {
      for (String field :
          List.of(
              "'previous_response_id':'" + id + "'",
              "'conversation':'" + conversation + "'",
              "'input':[{'type':'item_reference','id':'" + item + "'}]")) {
        other.create("{'input':'Hi'," + field + "}").error(404);
        other.send("POST", "/v1/responses/input_tokens", "{'input':'Hi'," + field + "}").error(404);
      }
    }
    created(alice, "{'input':'And?','previous_response_id':'" + id + "'}");
    assertThat(Api.lastPrompt(backend)).contains("A secret");
  }

  @Test
  void aResponseInTheBackgroundIsCancelledAndDeletedByItsOwnerOnly() {
    var queued = alice.sent("POST", "/v1/responses", "{'input':'Hi','background':true}");
    String id = queued.join().id();
    time.advance(Duration.ofSeconds(1));

    bob.send("POST", "/v1/responses/" + id + "/cancel", "").error(404);
    bob.delete("/v1/responses/" + id).error(404);

    assertThat(backend.cancellations()).isZero();
    assertThat(
            alice.send("POST", "/v1/responses/" + id + "/cancel", "").json().get("status").asText())
        .isEqualTo("cancelled");
    assertThat(backend.cancellations()).isEqualTo(1);
  }

  @Test
  void noIdOfARequestReachesWhatAnotherOwnerHas() {
    String id = created(alice, "{'input':'Hi'}").get("id").asText();

    assertThat(store.get(id).join()).isEmpty();
    for (String guess : List.of("alice " + id, "alice%20" + id, "bob%20" + id)) {
      assertThat(bob.get("/v1/responses/" + guess.replace(" ", "%20")).status()).isEqualTo(404);
      nobody.create("{'input':'Hi','previous_response_id':'" + guess + "'}").error(404);
    }
  }

  @Test
  void ownersMayHaveItemsWithTheSameId() {
    String message = "{'input':[{'type':'message','id':'msg_1','role':'user','content':'Of %s'}]}";
    created(alice, message.formatted("alice"));
    created(bob, message.formatted("bob"));

    created(bob, "{'input':[{'type':'item_reference','id':'msg_1'}]}");

    assertThat(Api.lastPrompt(backend)).contains("Of bob").doesNotContain("Of alice");
  }

  @Test
  void theLongestIdFitsIntoAStoreWithItsOwner() {
    String longest = "msg_" + "a".repeat(156);
    created(
        alice,
        "{'input':[{'type':'message','id':'%s','role':'user','content':'Kept'}]}"
            .formatted(longest));

    created(alice, "{'input':[{'type':'item_reference','id':'" + longest + "'}]}");

    assertThat(Api.lastPrompt(backend)).contains("Kept");
    nobody.create("{'input':[{'type':'item_reference','id':'" + longest + "a'}]}").error(404);
  }

  @Test
  void javaHasOwnersToo() {
    var hers = openai.with(o -> o.owner("alice"));
    var conversation =
        hers.conversations().create(Map.of(), List.of(ResponseItem.user("Remember me.")));

    assertThat(hers.conversations().items(conversation.id())).hasSize(1);
    assertThatThrownBy(
            () -> openai.with(o -> o.owner("bob")).conversations().retrieve(conversation.id()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("not found");
    assertThatThrownBy(() -> openai.conversations().retrieve(conversation.id()))
        .isInstanceOf(InvalidRequestException.class);
    String id = created(alice, "{'input':'Hi'}").get("id").asText();
    assertThat(hers.responses().retrieve(id).outputText()).isEqualTo("Hello");
    assertThatThrownBy(() -> openai.responses().retrieve(id))
        .isInstanceOf(InvalidRequestException.class);
  }
}
