package io.github.openaikserve.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.store.JdbcResponseStore;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.Postgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two services over one PostgreSQL. */
final class SharedStoreTest {
  private final JdbcResponseStore first = store();
  private final JdbcResponseStore second = store();
  private final FakeBackend backend = FakeBackend.tokens("Hel", "lo");
  private final Api one = Api.over(backend, first);
  private final Api other = Api.over(backend, second);

  private static JdbcResponseStore store() {
    return JdbcResponseStore.builder(Postgres.database("shared")).build();
  }

  @BeforeEach
  void createTables() {
    first.createTables();
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
  }

  @Test
  void continueEachOthersResponses() {
    JsonNode begun = one.create("{'input':'One','stream':true}").last().get("response");
    assertThat(begun.get("store").asBoolean()).isTrue();
    JsonNode next =
        other
            .create("{'input':'Two','previous_response_id':'" + begun.get("id").asText() + "'}")
            .json();
    one.create(
            "{'input':[{'type':'item_reference','id':'%s'},{'role':'user','content':'Three'}],'previous_response_id':'%s'}"
                .formatted(begun.at("/output/0/id").asText(), next.get("id").asText()))
        .json();

    assertThat(Api.lastPrompt(backend))
        .containsSubsequence("One", "Hello", "Two", "Hello", "Hello", "Three");
    assertThat(other.get("/v1/responses/" + begun.get("id").asText()).json()).isEqualTo(begun);
  }

  @Test
  void continueEachOthersConversations() {
    String id = one.send("POST", "/v1/conversations", "{'metadata':{'a':'b'}}").id();
    other.create("{'input':'One','conversation':'" + id + "'}").json();
    one.create("{'input':'Two','conversation':'" + id + "'}").json();

    assertThat(Api.lastPrompt(backend)).containsSubsequence("One", "Hello", "Two");
    assertThat(other.get("/v1/conversations/" + id + "/items").json().get("data")).hasSize(4);
    other.delete("/v1/conversations/" + id).json();
    one.get("/v1/conversations/" + id).error(404);
  }

  @Test
  void ownersAreTheSameAtBoth() {
    Api alice = new Api(one.openai().with(o -> o.owner("alice")));
    Api alsoAlice = new Api(other.openai().with(o -> o.owner("alice")));
    Api bob = new Api(other.openai().with(o -> o.owner("bob")));
    String longest = "msg_" + "a".repeat(156);
    String id =
        alice
            .create(
                "{'input':[{'type':'message','id':'%s','role':'user','content':'One'}]}"
                    .formatted(longest))
            .id();

    bob.get("/v1/responses/" + id).error(404);
    bob.create("{'input':[{'type':'item_reference','id':'" + longest + "'}]}").error(404);
    alsoAlice
        .create(
            "{'input':[{'type':'item_reference','id':'%s'}],'previous_response_id':'%s'}"
                .formatted(longest, id))
        .json();
    assertThat(Api.lastPrompt(backend)).containsSubsequence("One", "Hello", "One");
  }

  @Test
  void aResponseInTheBackgroundIsPolledAtTheOther() {
    String id = one.create("{'input':'Hi','background':true}").id();

    String status;
    do {
      status = other.get("/v1/responses/" + id).json().get("status").asText();
    } while (status.equals("queued") || status.equals("in_progress"));

    assertThat(status).isEqualTo("completed");
  }
}
