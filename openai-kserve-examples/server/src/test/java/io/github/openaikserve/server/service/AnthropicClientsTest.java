package io.github.openaikserve.server.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.key.ApiKeyHandler;
import io.github.openaikserve.testing.FakeBackend;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** API keys of Anthropic's clients, and errors without a key. */
final class AnthropicClientsTest {
  private final OpenAiHandler keyed =
      new ApiKeyHandler(
          OpenAiKServe.builder(FakeBackend.tokens("Hi"))
              .model("m", Dialects.ANYSERVE)
              .build()
              .httpHandler(),
          List.of("sesame"));

  @Test
  void theKeyIsInItsOwnHeaderOrABearerToken() throws IOException {
    String hi = "{\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    for (Map<String, List<String>> headers :
        List.of(
            Map.of("x-api-key", List.of("sesame")),
            Map.of("authorization", List.of("Bearer sesame")))) {
      ApiResponse answer = send("POST", "/v1/messages?beta=true", headers, hi);

      assertThat(answer.status()).isEqualTo(200);
      assertThat(text(answer)).contains("\"type\":\"message\"");
    }
  }

  @Test
  void aMissingKeyIsAnAuthenticationErrorInAnthropicsShape() throws IOException {
    ApiResponse refusal = send("POST", "/v1/messages", Map.of(), "{}");

    assertThat(refusal.status()).isEqualTo(401);
    assertThat(refusal.headers()).containsKeys("request-id", "www-authenticate");
    assertThat(text(refusal))
        .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\"");
    assertThat(keyed.reject(request("POST", "/v1/messages", Map.of(), "")))
        .hasValueSatisfying(rejection -> assertThat(rejection.status()).isEqualTo(401));
  }

  @Test
  void theConnectionCheckNeedsNoKey() {
    assertThat(send("HEAD", "/", Map.of(), "").status()).isEqualTo(200);
    assertThat(send("GET", "/", Map.of(), "").status()).isEqualTo(401);
  }

  private ApiResponse send(
      String method, String path, Map<String, List<String>> headers, String body) {
    return keyed.handle(request(method, path, headers, body)).join();
  }

  private static ApiRequest request(
      String method, String path, Map<String, List<String>> headers, String body) {
    return new ApiRequest(method, path, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(ApiResponse response) throws IOException {
    var bytes = new ByteArrayOutputStream();
    response.body().writeTo(bytes);
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
