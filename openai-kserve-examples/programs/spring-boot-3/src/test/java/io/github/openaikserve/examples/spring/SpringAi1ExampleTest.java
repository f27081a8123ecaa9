package io.github.openaikserve.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.openai.OpenAiChatModel;

/** Spring AI 1.1 over a handler, without a socket. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SpringAi1ExampleTest {
  private static OpenAiChatModel model(FakeBackend backend) {
    return SpringAi1Example.model(
        OpenAiKServe.builder(backend)
            .model("llamacpp", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML))
            .abortFailedStreams(true)
            .build()
            .httpHandler());
  }

  @Test
  void chats() {
    assertThat(model(FakeBackend.tokens("Hello", " there")).call("Hi")).isEqualTo("Hello there");
  }

  @Test
  void chatsInAStream() {
    List<String> pieces =
        model(FakeBackend.tokens("Hello", " there")).stream("Hi").collectList().block();

    assertThat(String.join("", pieces)).isEqualTo("Hello there");
  }

  @Test
  void reportsAStreamThatFails() {
    var gone = new BackendException(BackendCode.INTERNAL, "The GPU is gone.");
    FakeBackend backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(ScriptedResponse.tokens(call, "word").responses().subList(0, 1))
                    .thenFails(gone));

    assertThatException().isThrownBy(() -> model(backend).stream("Hi").collectList().block());
  }
}
