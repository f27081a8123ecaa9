package io.github.openaikserve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.internal.jinja.JinjaException;
import io.github.openaikserve.internal.jinja.JinjaTemplate;
import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.Requests;
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
  @ValueSource(strings = {"%5", "%-", "%(a)", "%"})
  void aLongFormatInATemplateIsRenderedInTime(String piece) {
    assertTimeoutPreemptively(
        PATIENCE, () -> assertThat(format(piece.repeat(200_000))).isEqualTo(piece.repeat(100_000)));
  }

  @Test
  void aFormatThatNeverClosesIsRefusedInTime() {
    assertTimeoutPreemptively(
        PATIENCE,
        () ->
            assertThatThrownBy(() -> format("%(".repeat(200_000)))
                .isInstanceOf(JinjaException.class)
                .hasMessageContaining("incomplete format"));
  }

  private static String format(String text) {
    return JinjaTemplate.parse("{{ text % {} }}")
        .render(Map.of("text", text), () -> LocalDateTime.MIN);
  }

  @Test
  void moreMessagesThanOpenAiTakesAreRefused() {
    String message = "{\"role\":\"user\",\"content\":\"Hi\"}";
    String body = "{\"messages\":[" + message + ("," + message).repeat(2048) + "]}";

    ApiResponse response = handler.handle(Requests.post("/v1/chat/completions", body)).join();

    assertThat(response.status()).isEqualTo(400);
  }
}
