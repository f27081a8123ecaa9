package io.github.openaikserve.messages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.anthropic.MessageStreamEvent;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams of messages: their events, their ends and their silence. */
final class MessageStreamsTest {
  private static final String STREAM = ",'stream':true";

  @Test
  void eventsInJavaAreThoseOfTheStream() {
    List<MessageStreamEvent> events = new ArrayList<>();
    try (var stream =
        Api.writing("Hel", "lo").openai().messages().stream(r -> r.maxTokens(9).user("Hi"))) {
      stream.forEach(events::add);
    }

    assertThat(events).extracting(MessageStreamEvent::text).contains("Hel", "lo");
    assertThat(events.get(0)).isInstanceOf(MessageStreamEvent.MessageStart.class);
    assertThat(events.get(events.size() - 1)).isInstanceOf(MessageStreamEvent.MessageStop.class);
  }

  @Test
  void aSubscriberThatCancelsEndsTheCall() {
    var backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(ScriptedResponse.tokens(call, "Hel").responses().subList(0, 1))
                    .thenHangs());
    var subscriber = new TestSubscriber<MessageStreamEvent>(1);

    Api.over(backend)
        .openai()
        .messages()
        .streamAsync(r -> r.maxTokens(9).user("Hi"))
        .subscribe(subscriber);
    subscriber.cancel();

    assertThat(backend.cancellations()).isEqualTo(1);
  }

  @Test
  void aSilentStreamBeginsAndHasPings() {
    var time = new ManualScheduler();
    var backend =
        FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs()).scheduler(time);
    var api =
        Api.over(backend, Api.builder(backend).scheduler(time).keepAlive(Duration.ofSeconds(10)));
    var answer =
        api.openai()
            .httpHandler()
            .handle(
                Api.request(
                    "POST",
                    "/v1/messages",
                    "{'max_tokens':9,'stream':true,'messages':[{'role':'user','content':'Hi'}]}"));
    assertThat(answer).isNotDone();

    time.advance(Duration.ofSeconds(25));
    var reader = new TestSubscriber<ByteBuffer>(Long.MAX_VALUE);
    answer.join().body().subscribe(reader);
    time.advance(Duration.ofSeconds(20));
    reader.cancel();

    StringBuilder events = new StringBuilder();
    reader.items().forEach(b -> events.append(StandardCharsets.UTF_8.decode(b.duplicate())));
    assertThat(events.toString())
        .startsWith("event: message_start\n")
        .endsWith("event: ping\ndata: {\"type\":\"ping\"}\n\n");
    assertThat(backend.cancellations()).isEqualTo(1);
  }

  @Test
  void aStreamBeginsWithAnEstimateOfThePrompt() {
    FakeBackend backend = FakeBackend.tokens("Hi");
    var api =
        Api.over(
            backend,
            OpenAiKServe.builder(backend)
                .model("m", m -> m.dialect(Dialects.ANYSERVE).tokenCounter(text -> 7)));

    JsonNode usage = api.sayHi(STREAM).events().get(0).at("/message/usage");

    assertThat(usage.get("input_tokens").asInt()).isEqualTo(7);
    assertThat(usage.get("estimated").asBoolean()).isTrue();
  }

  @Test
  void aFailedStreamFailsItsBodyWhenConfigured() {
    var backend = Api.failingAfter("Hel");
    var api = Api.over(backend, Api.builder(backend).abortFailedStreams(true));
    var reader = new TestSubscriber<ByteBuffer>(Long.MAX_VALUE);

    api.openai()
        .httpHandler()
        .handle(
            Api.request(
                "POST",
                "/v1/messages",
                "{'max_tokens':9,'stream':true,'messages':[{'role':'user','content':'Hi'}]}"))
        .join()
        .body()
        .subscribe(reader);

    assertThat(reader.awaitFailure()).isInstanceOf(BackendException.class);
  }

  @Test
  void aFailureInTheMiddleIsAnErrorEventAndNothingFollows() {
    Api.Answer answer = Api.over(Api.failingAfter("Hel")).sayHi(STREAM);

    assertThat(answer.types()).endsWith("content_block_delta", "error");
    JsonNode last = answer.events().get(answer.events().size() - 1);
    assertThat(last.at("/error/type").asText()).isEqualTo("overloaded_error");
    assertThat(last.at("/error/message").asText()).isEqualTo("gone");
    assertThat(last.get("request_id").asText()).isEqualTo(answer.headers().get("request-id"));
  }

  @Test
  void aStreamedTextHasAnthropicsEventsInOrder() {
    Api.Answer answer = Api.writing("Hel", "lo").sayHi(STREAM);

    assertThat(answer.types())
        .containsExactly(
            "message_start",
            "content_block_start",
            "content_block_delta",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop");
    List<JsonNode> events = answer.events();
    assertThat(events.get(2).at("/delta/text").asText()).isEqualTo("Hel");
    assertThat(events.get(3).at("/delta/text").asText()).isEqualTo("lo");
    assertThat(events.get(5).at("/delta/stop_reason").asText()).isEqualTo("end_turn");
    assertThat(events.get(5).at("/usage/input_tokens").asInt()).isPositive();
    assertThat(events.get(5).at("/usage/output_tokens").asInt()).isPositive();
  }

  @Test
  void textThatNeedsEscapesIsTheSameInAStreamAsInAWholeMessage() {
    String[] tokens = {"a\"", "\\\n", "é\u2028", "😀", "\u0001", "x".repeat(20_000)};

    JsonNode whole = Api.writing(tokens).sayHi("").json();
    Api.Answer streamed = Api.writing(tokens).sayHi(STREAM);

    assertThat(whole.at("/content/0/text").asText()).isEqualTo(String.join("", tokens));
    assertThat(streamed.grown("text_delta", "text")).isEqualTo(String.join("", tokens));
  }
}
