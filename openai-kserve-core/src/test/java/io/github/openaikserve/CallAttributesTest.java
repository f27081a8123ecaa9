package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.testing.FakeBackend;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The id, the affinity key and the time limit of a call to a model server. */
final class CallAttributesTest {
  private final FakeBackend backend = FakeBackend.tokens("a");
  private final OpenAiKServe openai =
      OpenAiKServe.builder(backend)
          .affinityHeader("x-session")
          .model("m", m -> m.dialect(Dialects.ANYSERVE).timeout(Duration.ofSeconds(30)))
          .build();

  @Test
  void theRequestIdIsTheIdOfTheInference() {
    openai.with(o -> o.requestId("order-42")).chatCompletions().create(chat());

    assertThat(call().request().id()).isEqualTo("order-42");
    assertThat(call().metadata()).containsEntry("x-request-id", "order-42");
  }

  @Test
  void thePromptCacheKeyChoosesTheEndpoint() {
    post("{'messages':[{'role':'user','content':'Hi'}],'prompt_cache_key':'k'}");

    assertThat(call().affinityKey()).isEqualTo("k");
  }

  @Test
  void withoutAPromptCacheKeyTheHeaderDoes() {
    post("{'messages':[{'role':'user','content':'Hi'}]}");

    assertThat(call().affinityKey()).isEqualTo("session-7");
  }

  @Test
  void aJavaCallerSetsTheKeyInRequestOptions() {
    openai.with(o -> o.affinityKey("tenant")).chatCompletions().create(chat());

    assertThat(call().affinityKey()).isEqualTo("tenant");
  }

  @Test
  void theTimeLimitIsEnforcedHereAndOnlySentToTheServer() {
    openai.chatCompletions().create(r -> r.user("Hi"));

    assertThat(call().deadlineEnforced()).isTrue();
    assertThat(call().timeout()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(30));
  }

  private static CreateChatCompletionRequest chat() {
    return CreateChatCompletionRequest.builder().user("Hi").build();
  }

  private void post(String json) {
    var request =
        new ApiRequest(
            "POST",
            "/v1/chat/completions",
            Map.of("x-session", List.of("session-7")),
            json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    assertThat(openai.httpHandler().handle(request).join().status()).isEqualTo(200);
  }

  private InferCall call() {
    return backend.calls().get(0);
  }

  @Test
  void theCallsOfARequestShareATurnInAQueueAndSoDoRequestsWithTheSameKey() {
    var server = FakeBackend.tokens("a");
    var openai = OpenAiKServe.builder(server).model("m", Dialects.ANYSERVE).build();

    openai.with(o -> o.requestId("r-1")).completions().create(r -> r.prompt("p").n(2));
    openai.with(o -> o.queueKey("acme")).completions().create(r -> r.prompt("p"));

    assertThat(server.calls())
        .extracting(InferCall::queueKey)
        .containsExactly("r-1", "r-1", "acme");
    assertThat(RequestOptions.of(o -> o.queueKey("acme")).queueKey()).isEqualTo("acme");
  }
}
