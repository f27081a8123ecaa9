package io.github.openaikserve.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.Bodies;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a host can reject before it reads a body. */
final class RejectedHeadTest {
  private final OpenAiKServe openai =
      OpenAiKServe.builder(FakeBackend.tokens("a")).model("m", Dialects.ANYSERVE).build();
  private final OpenAiHandler handler = openai.httpHandler();

  @ParameterizedTest
  @CsvSource({
    "POST, /v1/nothing,          404",
    "GET,  /v1/models/a%zz,      400",
    "GET,  /v1/chat/completions, 405",
    "POST, /v1/models,           405",
    "POST, /health/live,         405"
  })
  void aRejectionIsTheAnswerThatHandleWouldGive(String method, String path, int status) {
    ApiRequest head = head(method, path, "x-request-id", "r");

    ApiResponse rejection = handler.reject(head).orElseThrow();
    ApiResponse answer = handler.handle(head).join();

    assertThat(rejection.status()).isEqualTo(status);
    assertThat(rejection.headers()).isEqualTo(answer.headers()).containsEntry("x-request-id", "r");
    assertThat(Bodies.text(rejection)).isEqualTo(Bodies.text(answer));
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /v1/chat/completions",
    "POST, /v1/completions/",
    "POST, /v1/embeddings?a=b",
    "GET,  /v1/models",
    "GET,  /v1/models/a%2Fb",
    "GET,  /health",
    "GET,  /health/ready"
  })
  void aRequestThatMayBeValidIsNotRejected(String method, String path) {
    assertThat(handler.reject(head(method, path, "x", "y"))).isEmpty();
  }

  @Test
  void headersThatAreTooLargeAreRejected() {
    Optional<ApiResponse> rejection =
        handler.reject(head("GET", "/v1/models", "x", "a".repeat(70_000)));

    assertThat(rejection).map(ApiResponse::status).contains(431);
  }

  @Test
  void aServiceThatShutsDownRejectsAllButItsLiveness() {
    openai.shutdown();

    assertThat(handler.reject(head("POST", "/v1/completions", "x", "y")))
        .map(ApiResponse::status)
        .contains(503);
    assertThat(handler.reject(head("GET", "/health/live", "x", "y"))).isEmpty();
  }

  private static ApiRequest head(String method, String path, String header, String value) {
    return new ApiRequest(method, path, Map.of(header, List.of(value)), new byte[0]);
  }
}
