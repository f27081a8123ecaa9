package io.github.openaikserve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.internal.jinja.JinjaTemplate;
import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.testing.FakeBackend;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text that is made to take long takes no longer than other text. */
final class HostileTextTest {
  private static final int LONG = 2_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final OpenAiHandler handler =
      OpenAiKServe.builder(FakeBackend.tokens("a"))
          .forwardHeaders("x-tenant")
          .requestLimits(
              RequestLimits.builder().headers(Integer.MAX_VALUE).build()) // so they are read
          .model("m", Dialects.ANYSERVE)
          .build()
          .httpHandler();

  @ParameterizedTest
  @ValueSource(strings = {"%", "/", "%41", " ", "\n", "9", "."})
  void aLongPathAndLongHeadersAreReadInTime(String piece) {
    String text = piece.repeat(LONG / piece.length());

    assertTimeoutPreemptively(
        PATIENCE,
        () ->
            assertThat(
                    handler
                        .handle(
                            new ApiRequest(
                                "GET",
                                "/v1/models/" + text,
                                Map.of(
                                    "x-request-id", List.of(text),
                                    "x-tenant", List.of(text),
                                    "x-stainless-read-timeout", List.of(text)),
                                new byte[0]))
                        .join()
                        .status())
                .isBetween(400, 404));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%(", "%5", "%-", "%(a)", "%"})
  void aHostileFormatInATemplateIsReadInTime(String piece) {
    JinjaTemplate template = JinjaTemplate.parse("{{ text % {} }}");
    Map<String, Object> context = Map.of("text", piece.repeat(200_000));

    assertTimeoutPreemptively(
        PATIENCE,
        () ->
            assertThat(
                    catchThrowable(() -> template.render(context, () -> LocalDateTime.MIN))
                        instanceof Error)
                .isFalse());
  }

  @Test
  void manyPromptsWithManyChoicesAreRefusedBeforeAnythingIsMade() {
    String prompts = "\"p\"" + ",\"p\"".repeat(99);
    String body = "{\"n\":100,\"prompt\":[" + prompts + "]}";

    ApiResponse response =
        handler
            .handle(
                new ApiRequest(
                    "POST", "/v1/completions", Map.of(), body.getBytes(StandardCharsets.UTF_8)))
            .join();

    assertThat(response.status()).isEqualTo(400);
  }

  @Test
  void moreMessagesThanOpenAiTakesAreRefused() {
    String message = "{\"role\":\"user\",\"content\":\"Hi\"}";
    String body = "{\"messages\":[" + message + ("," + message).repeat(2048) + "]}";

    ApiResponse response =
        handler
            .handle(
                new ApiRequest(
                    "POST",
                    "/v1/chat/completions",
                    Map.of(),
                    body.getBytes(StandardCharsets.UTF_8)))
            .join();

    assertThat(response.status()).isEqualTo(400);
  }
}
