package io.github.openaikserve.langchain4j;

import static io.github.openaikserve.langchain4j.Service.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatModelStreamingEvent;
import dev.langchain4j.model.chat.response.CompleteResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Streamed answers as publishers, which LangChain4j has from version 1.20 on. */
@DisabledIfSystemProperty(named = "langchain4j.core", matches = "1\\.19\\..*")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class StreamedEventsTest {
  private static final ChatRequest QUESTION =
      ChatRequest.builder().messages(UserMessage.from("Hello")).build();

  private static KServeStreamingChatModel model(FakeBackend backend) {
    return KServeStreamingChatModel.builder(Service.over(backend)).build();
  }

  @Test
  void theLastEventIsTheResponse() {
    var events = new TestSubscriber<ChatModelStreamingEvent>(Long.MAX_VALUE);
    model(FakeBackend.tokens("a", "b")).chat(QUESTION).subscribe(events);

    List<ChatModelStreamingEvent> all = events.awaitCompletion();

    assertThat(all.subList(0, 2))
        .containsExactly(new PartialResponse("a"), new PartialResponse("b"));
    var last = (CompleteResponse) all.get(2); // no lambda: version 1.19 reads the class as well
    assertThat(last.chatResponse().aiMessage().text()).isEqualTo("ab");
    assertThat(all).hasSize(3);
  }

  @Test
  void nothingComesWithoutDemand() {
    var events = new TestSubscriber<ChatModelStreamingEvent>();
    model(FakeBackend.tokens("a", "b")).chat(QUESTION).subscribe(events);

    events.request(1);
    assertThat(events.awaitItems(1)).containsExactly(new PartialResponse("a"));
    events.request(2);

    assertThat(events.awaitCompletion()).hasSize(3);
  }

  @Test
  void cancellingTheSubscriptionCancelsTheCall() {
    FakeBackend backend = Service.hanging();
    var events = new TestSubscriber<ChatModelStreamingEvent>(10);
    model(backend).chat(QUESTION).subscribe(events);
    events.awaitItems(1);

    events.cancel();

    await(() -> backend.cancellations() == 1);
  }

  @Test
  void aFailureEndsTheEvents() {
    var events = new TestSubscriber<ChatModelStreamingEvent>(10);
    model(FakeBackend.failing(BackendCode.RESOURCE_EXHAUSTED, "full"))
        .chat(QUESTION)
        .subscribe(events);

    assertThat(events.awaitFailure()).isInstanceOf(RateLimitException.class);
  }

  @Test
  void demandMustBePositive() {
    var events = new TestSubscriber<ChatModelStreamingEvent>();
    model(Service.hanging()).chat(QUESTION).subscribe(events);

    events.request(0);

    assertThat(events.awaitFailure()).isInstanceOf(IllegalArgumentException.class);
  }
}
