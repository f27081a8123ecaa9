package io.github.openaikserve.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.openai.responses.Conversation;
import io.github.openaikserve.openai.responses.ResponseContent;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.store.MemoryResponseStore;
import io.github.openaikserve.testing.FakeBackend;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Conversations in Java. */
final class ConversationsJavaTest {
  private final OpenAiKServe openai =
      OpenAiKServe.builder(FakeBackend.tokens("Hello"))
          .model("m", Dialects.ANYSERVE)
          .responseStore(MemoryResponseStore.builder().build())
          .build();

  @Test
  void aResponseContinuesAConversationAndBecomesPartOfIt() {
    Conversation conversation =
        openai.conversations().create(Map.of("topic", "tensors"), List.of(said("Hi")));

    openai.responses().create(r -> r.input("And?").conversation(conversation.id()));

    assertThat(openai.conversations().items(conversation.id()))
        .extracting(item -> ((ResponseItem.Message) item).role())
        .containsExactly("user", "user", "assistant");
    assertThat(openai.conversations().retrieve(conversation.id())).isEqualTo(conversation);
    assertThat(conversation.metadata()).containsOnly(Map.entry("topic", "tensors"));
  }

  @Test
  void itemsAreAddedAndDeleted() {
    String id = openai.conversations().create().id();
    openai.conversations().addItems(id, List.of(said("one"), said("two")));
    var first = (ResponseItem.Message) openai.conversations().items(id).get(0);

    openai.conversations().deleteItem(id, String.valueOf(first.id()));

    assertThat(openai.conversations().items(id)).hasSize(1);
    assertThat(openai.conversations().update(id, Map.of("a", "b")).metadata()).containsKey("a");
  }

  @Test
  void aDeletedConversationIsNotFound() {
    String id = openai.conversations().create().id();
    openai.conversations().delete(id);

    assertThatThrownBy(() -> openai.conversations().retrieve(id))
        .isInstanceOfSatisfying(OpenAiException.class, e -> assertThat(e.status()).isEqualTo(404));
  }

  @Test
  void anIllegalArgumentFailsTheFuture() {
    var tooMany = Collections.nCopies(21, said("Hi"));

    assertThat(openai.conversations().createAsync(Map.of(), tooMany)).isCompletedExceptionally();
    assertThat(openai.conversations().retrieveAsync("other")).isCompletedExceptionally();
  }

  @Test
  void withoutAStoreThereAreNoConversations() {
    var stateless =
        OpenAiKServe.builder(FakeBackend.tokens("a")).model("m", Dialects.ANYSERVE).build();

    assertThatThrownBy(() -> stateless.conversations().create())
        .hasMessageStartingWith("Conversations are not stored.");
  }

  private static ResponseItem said(String text) {
    return new ResponseItem.Message(null, "user", List.of(ResponseContent.text(text)), null, null);
  }
}
