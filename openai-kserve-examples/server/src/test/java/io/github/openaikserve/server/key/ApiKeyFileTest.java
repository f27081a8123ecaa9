package io.github.openaikserve.server.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.testing.Script;
import io.github.openaikserve.server.testing.Wait;
import io.github.openaikserve.testing.FakeBackend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiKeyFileTest {
  private static final Duration SOON = Duration.ofMillis(10);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Test
  void onlyKeysOfTheFileAreAccepted() throws Exception {
    Path file =
        write("# ours", "", ApiKeyDigest.of("one") + " the first", "  " + ApiKeyDigest.of("two"));
    try (ApiKeyFile keys = ApiKeyFile.watch(file, SOON)) {
      var handler = new ApiKeyHandler(Script.echo(), keys);

      assertThat(status(handler, "Bearer one")).isEqualTo(200);
      assertThat(status(handler, "bearer two")).isEqualTo(200);
      for (String wrong :
          List.of("Bearer three", "Bearer", "Basic one", ApiKeyDigest.of("one").toString())) {
        assertThat(status(handler, wrong)).isEqualTo(401);
      }
    }
  }

  @Test
  void onlyHealthChecksNeedNoKey() throws Exception {
    var handler = new ApiKeyHandler(Script.echo(), List.of("one"));

    for (String open : List.of("/health", "/health/live", "/health/ready")) {
      assertThat(handler.handle(get(open, "")).get().status()).isEqualTo(200);
    }
    for (String closed : List.of("/healthy", "/v1/models", "/metrics", "/")) {
      assertThat(handler.handle(get(closed, "")).get().status()).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/Health",
        "//health",
        "/health/..",
        "/health/../v1/models",
        "/health/%2e%2e/v1/models",
        "/health%2f..%2fv1%2fmodels",
        "/health/live/../../v1/models",
        "/health/..;/v1/models",
        "/health;/../v1/models",
        "/v1/models?/health",
        "/v1/models#/health",
        "/v1/../health/../v1/models",
        "http://x/v1/models?/health"
      })
  void noPathThatResemblesAHealthCheckOpensTheApi(String path) throws Exception {
    OpenAiHandler openai =
        OpenAiKServe.builder(FakeBackend.tokens("a"))
            .model("m", Dialects.ANYSERVE)
            .build()
            .httpHandler();
    var handler = new ApiKeyHandler(openai, List.of("one"));

    ApiResponse answer = handler.handle(get(path, "")).get();

    assertThat(answer.status()).isIn(401, 404);
  }

  @Test
  void aChangedFileIsAppliedAndAnInvalidOneIsNot() throws Exception {
    Path file = write(ApiKeyDigest.of("old").toString());
    try (ApiKeyFile keys = ApiKeyFile.watch(file, SOON)) {
      var handler = new ApiKeyHandler(Script.echo(), keys);
      assertThat(status(handler, "Bearer old")).isEqualTo(200);

      write(ApiKeyDigest.of("new").toString());
      await(handler, "Bearer new", 200);
      assertThat(status(handler, "Bearer old")).isEqualTo(401);

      write("nonsense");
      write(ApiKeyDigest.of("new").toString(), ApiKeyDigest.of("newer").toString());
      await(handler, "Bearer newer", 200);
      Files.delete(file);
      assertThat(status(handler, "Bearer newer")).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing", "sk-plain-key", "sha256:1234", "md5:00"})
  void anInvalidFileIsRejectedWithoutShowingItsLines(String content) throws Exception {
    Path file = write(content);

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> ApiKeyFile.watch(file, SOON).close())
        .satisfies(e -> assertThat(e.getMessage()).startsWith(file.toString()))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("plain-key"));
  }

  @Test
  void aFileInAnotherEncodingIsNamed() throws Exception {
    Path file = directory.resolve("keys");
    Files.writeString(file, ApiKeyDigest.of("one").toString(), StandardCharsets.UTF_16);

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> ApiKeyFile.watch(file, SOON).close())
        .withMessage(file + " is not UTF-8");
  }

  @Test
  void aByteOrderMarkAndWindowsLineEndsAreIgnored() throws Exception {
    Path file = directory.resolve("keys");
    Files.writeString(
        file, "\uFEFF" + ApiKeyDigest.of("one") + "\r\n" + ApiKeyDigest.of("two") + "\r\n");

    try (ApiKeyFile keys = ApiKeyFile.watch(file, SOON)) {
      var handler = new ApiKeyHandler(Script.echo(), keys);
      assertThat(status(handler, "Bearer one")).isEqualTo(200);
      assertThat(status(handler, "Bearer two")).isEqualTo(200);
    }
  }

  private static void await(ApiKeyHandler handler, String header, int status) throws Exception {
    Wait.until(() -> status(handler, header) == status);
  }

  private static int status(ApiKeyHandler handler, String header) throws Exception {
    return handler.handle(get("/v1/models", header)).get().status();
  }

  private static ApiRequest get(String path, String authorization) {
    return new ApiRequest(
        "GET", path, Map.of("Authorization", List.of(authorization)), new byte[0]);
  }

  private Path write(String... lines) throws IOException {
    return Files.write(directory.resolve("keys"), List.of(lines));
  }
}
