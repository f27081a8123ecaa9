package io.github.openaikserve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.Bodies;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a web page may send without the browser asking first is refused; other clients may. */
final class ContentTypesTest {
  private final FakeBackend backend = FakeBackend.tokens("x");
  private final OpenAiHandler handler =
      OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build().httpHandler();

  private ApiResponse post(Map<String, List<String>> headers) {
    byte[] body = "{\"prompt\":\"Hi\"}".getBytes(StandardCharsets.UTF_8);
    return handler
        .handle(new ApiRequest("POST", "/v1/completions", headers, body))
        .toCompletableFuture()
        .join();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/x-www-form-urlencoded",
        "Application/X-WWW-Form-Urlencoded; charset=utf-8",
        "multipart/form-data; boundary=x",
        "text/plain;charset=UTF-8",
        "text/plain",
      })
  void aWebPagesFormIsRefused(String type) {
    ApiResponse response =
        post(Map.of("content-type", List.of(type), "origin", List.of("https://elsewhere.example")));

    assertThat(response.status()).isEqualTo(415);
    assertThat(Bodies.text(response))
        .contains("unsupported_content_type", "Content-Type: application/json");
    assertThat(backend.calls()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, https://elsewhere.example",
    "application/json; charset=utf-8, null",
    ", https://elsewhere.example",
    "application/x-www-form-urlencoded,",
    "text/plain,",
  })
  void jsonAndOtherCommonContentTypesAreAccepted(@Nullable String type, @Nullable String origin) {
    Map<String, List<String>> headers = new HashMap<>();
    if (type != null) {
      headers.put("content-type", List.of(type));
    }
    if (origin != null) {
      headers.put("origin", List.of(origin));
    }

    assertThat(post(headers).status()).isEqualTo(200);
  }
}
