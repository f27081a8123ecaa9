package io.github.openaikserve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.ServerErrors;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Requests;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Failures of which clients are told that another try is pointless. */
final class RetryHintTest {
  private static ApiResponse answer(FakeBackend backend, String format) {
    return OpenAiKServe.builder(backend)
        .model("m", m -> m.dialect(Dialects.ANYSERVE).emulateResponseFormat(true))
        .build()
        .httpHandler()
        .answer(
            Requests.post(
                "/v1/chat/completions",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]%s}".formatted(format)));
  }

  @Test
  void anAnswerInTheWrongFormatIsNotAskedForAgain() {
    var backend = FakeBackend.tokens("no JSON");

    ApiResponse response = answer(backend, ",\"response_format\":{\"type\":\"json_object\"}");

    assertThat(response.status()).isEqualTo(502);
    assertThat(response.headers()).containsEntry("x-should-retry", "false");
    assertThat(backend.calls()).hasSize(2); // once more, by the library
  }

  @Test
  void aServiceThatTheServerDoesNotHaveIsNotAskedForAgain() {
    ApiResponse response =
        answer(
            FakeBackend.answering(
                call ->
                    ScriptedResponse.of(List.of())
                        .thenFails(
                            ServerErrors.of(BackendCode.UNIMPLEMENTED, "Method not found!"))),
            "");

    assertThat(response.status()).isEqualTo(502);
    assertThat(response.headers()).containsEntry("x-should-retry", "false");
  }

  @Test
  void otherFailuresAreLeftToTheClient() {
    ApiResponse response =
        answer(
            FakeBackend.answering(
                call ->
                    ScriptedResponse.of(List.of())
                        .thenFails(ServerErrors.of(BackendCode.INTERNAL, "it broke"))),
            "");

    assertThat(response.status()).isEqualTo(502);
    assertThat(response.headers()).doesNotContainKey("x-should-retry");
  }
}
