package io.github.openaikserve.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.Bodies;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What paths and methods other than those of the API are answered with. */
final class RoutesTest {
  private final OpenAiHandler handler = handler(FakeBackend.tokens("a"));

  private static OpenAiHandler handler(FakeBackend backend) {
    return OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build().httpHandler();
  }

  private static ApiResponse call(OpenAiHandler handler, String method, String path) {
    return handler.handle(new ApiRequest(method, path, Map.of(), new byte[0])).join();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/images/generations,                                /v1/chat/completions",
    "/v1/images/edits,                                      /v1/chat/completions",
    "/v1/videos,                                            /v1/chat/completions",
    "/v1/realtime,                                          stream",
    "/v1/files,                                             message",
    "/v1/files/file-1/content,                              message",
    "/v1/uploads,                                           message",
    "/v1/batches/,                                          each request",
    "/v1/fine_tuning/jobs,                                  model server",
    "/v1/assistants,                                        whole conversation",
    "/v1/threads/t/runs,                                    whole conversation",
    "/v1/conversations,                                     whole conversation",
    "/v1/vector_stores?limit=1,                             /v1/embeddings",
    "/openai/deployments/d/chat/completions?api-version=1,  ends with /v1",
    "/openai/deployments/d/embeddings,                      ends with /v1",
    "/openai/v1/chat/completions,                           ends with /v1",
    "/openai/models,                                        ends with /v1",
    "/chat/completions,                                     end with /v1",
    "/models,                                               end with /v1",
    "/v1/v1/chat/completions,                               twice",
    "/api/chat,                                             /v1/chat/completions"
  })
  void aKnownPathThatIsNotServedNamesTheAlternative(String path, String advice) {
    for (String method : new String[] {"GET", "POST", "DELETE"}) {
      ApiResponse answer = call(handler, method, path);

      assertThat(answer.status()).isEqualTo(404);
      assertThat(Bodies.text(answer))
          .contains("\"code\":\"unknown_url\"", "Invalid URL (" + method, advice)
          .doesNotContain("odel not found", "does not exist");
    }
  }

  @ParameterizedTest
  @CsvSource({"/v1/imagesx", "/v1/", "/v2/files", "/", "/openaix", "/v1//images"})
  void otherPathsAreNotLogged(String path) {
    assertThat(Bodies.text(call(handler, "POST", path))).doesNotContain("): ");
  }

  @ParameterizedTest
  @CsvSource({"/v1/models", "/v1/models/m", "/health", "/health/live", "/health/ready"})
  void headHasTheHeadersAndTheLengthOfGetAndNoBody(String path) {
    ApiResponse head = call(handler, "HEAD", path);
    ApiResponse get = call(handler, "GET", path);

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.headers().keySet()).isEqualTo(get.headers().keySet());
    assertThat(head.body().length()).isEqualTo(get.body().length()).isPositive();
    assertThat(Bodies.text(head)).isEmpty();
    assertThat(handler.reject(new ApiRequest("HEAD", path, Map.of(), new byte[0]))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"/v1/chat/completions, POST", "/v1/embeddings, POST"})
  void headIsNotAllowedWhereGetIsNot(String path, String allowed) {
    ApiResponse answer = call(handler, "HEAD", path);

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.headers()).containsEntry("allow", allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "/health,       200, 503",
    "/health/ready, 200, 503",
    "/health/live,  200, 200",
    "/,             200, 503",
    "*,             200, 503"
  })
  void optionsOfHealthHasNoBody(String path, int ready, int notReady) {
    ApiResponse up = call(handler, "OPTIONS", path);
    ApiResponse down = call(handler(FakeBackend.tokens("a").ready(false)), "OPTIONS", path);

    assertThat(up.status()).isEqualTo(ready);
    assertThat(down.status()).isEqualTo(notReady);
    assertThat(up.headers()).containsEntry("allow", "GET, HEAD, OPTIONS");
    assertThat(Bodies.text(up)).isEmpty();
    assertThat(Bodies.text(down)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/models,           'GET, HEAD'",
    "/v1/chat/completions, POST",
    "/health,              'GET, HEAD, OPTIONS'"
  })
  void aWrongMethodIs405WithTheAllowedMethods(String path, String allowed) {
    ApiResponse answer = call(handler, "DELETE", path);

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.headers()).containsEntry("allow", allowed);
  }
}
