package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.LogCapture;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The function of a host that changes chat requests. */
final class ChatRequestHookTest {
  @RegisterExtension
  private final LogCapture log = new LogCapture("io.github.openaikserve", Level.INFO);

  private final FakeBackend backend = FakeBackend.tokens("x");

  private OpenAiKServe hooked(UnaryOperator<CreateChatCompletionRequest> hook) {
    return OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).chatRequests(hook).build();
  }

  private static CreateChatCompletionRequest asPirate(CreateChatCompletionRequest request) {
    var changed =
        CreateChatCompletionRequest.builder().model("m").system("Be a pirate.").maxTokens(4);
    request.messages().forEach(changed::message);
    return changed.build();
  }

  private static ApiResponse post(OpenAiKServe service, String body) {
    return service
        .httpHandler()
        .handle(
            new ApiRequest(
                "POST", "/v1/chat/completions", Map.of(), body.getBytes(StandardCharsets.UTF_8)))
        .join();
  }

  @Test
  void aHookChangesEveryChatRequestBeforeItsModelIsChosen() {
    OpenAiKServe service = hooked(ChatRequestHookTest::asPirate);

    service.chatCompletions().create(r -> r.model("other").user("Hi"));
    service.completions().create(r -> r.prompt("p"));
    ApiResponse http =
        post(
            service, "{\"model\":\"other\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");

    assertThat(http.status()).isEqualTo(200);
    assertThat(backend.calls())
        .extracting(call -> call.request().input("prompt").orElseThrow().texts().get(0))
        .containsExactly(
            "System: Be a pirate.\n\nUser: Hi\n\nAssistant:",
            "p",
            "System: Be a pirate.\n\nUser: Hi\n\nAssistant:");
    assertThat(backend.calls().get(2).request().input("max_tokens"))
        .contains(Tensor.ints("max_tokens", 4));
    assertThat(
            service
                .chatCompletions()
                .explain(CreateChatCompletionRequest.builder().model("other").user("a").build())
                .prompts()
                .get(0))
        .startsWith("System: Be a pirate.");
  }

  @Test
  void anErrorOfTheHookIsTheRequestsError() {
    OpenAiKServe service =
        hooked(
            request -> {
              throw new InvalidRequestException(403, "no_chats", "model", "No chats on Sundays.");
            });

    assertThat(
            catchThrowableOfType(
                InvalidRequestException.class,
                () -> service.chatCompletions().create(r -> r.user("Hi"))))
        .hasMessage("No chats on Sundays.");
    assertThat(post(service, "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}").status())
        .isEqualTo(403);
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void aHookThatFailsIsA500AndLoggedOnce() {
    OpenAiKServe service =
        hooked(
            request -> {
              throw new IllegalStateException("broken hook");
            });

    assertThat(post(service, "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}").status())
        .isEqualTo(500);
    assertThat(log.events()).hasSize(1);
    assertThatIllegalStateException()
        .isThrownBy(() -> service.chatCompletions().create(r -> r.user("Hi")))
        .withMessage("broken hook");
    assertThat(service.chatCompletions().createAsync(r -> r.user("Hi"))).isCompletedExceptionally();
    assertThat(
            post(hooked(request -> null), "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")
                .status())
        .isEqualTo(500);
  }
}
