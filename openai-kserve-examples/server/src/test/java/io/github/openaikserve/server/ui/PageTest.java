package io.github.openaikserve.server.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.server.http.ReferenceServer;
import io.github.openaikserve.server.http.ServerOptions;
import io.github.openaikserve.server.key.ApiKeyHandler;
import io.github.openaikserve.server.testing.Script;
import io.github.openaikserve.server.testing.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The web page over plain HTTP. */
final class PageTest {
  @SuppressWarnings("NullAway.Init")
  private ReferenceServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        ReferenceServer.start(
            new PageHandler(new ApiKeyHandler(Script.echo(), List.of("k"))),
            ServerOptions.defaults());
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void thePageLoadsWithoutAKey() throws IOException {
    assertThat(request("GET", "/"))
        .startsWith("HTTP/1.1 200")
        .contains("content-type: text/html; charset=utf-8", "<!doctype html>", "</html>")
        .contains(
            "x-content-type-options: nosniff",
            "x-frame-options: DENY",
            "referrer-policy: no-referrer",
            "frame-ancestors 'none'",
            "default-src 'none'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'")
        .doesNotContain("'unsafe-inline'", "'unsafe-eval'");
  }

  @Test
  void headHasTheLengthOfThePageAndNoBody() throws IOException {
    String page = request("GET", "/");
    String head = request("HEAD", "/");

    assertThat(head).startsWith("HTTP/1.1 200").doesNotContain("<html");
    assertThat(headers(head)).isEqualTo(headers(page));
    assertThat(headers(page))
        .contains("content-length: " + body(page).getBytes(StandardCharsets.UTF_8).length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /x", "GET //", "POST /", "GET /status", "GET /index.html"})
  void allOtherPathsNeedAKey(String request) throws IOException {
    String[] words = request.split(" ");

    assertThat(request(words[0], words[1])).startsWith("HTTP/1.1 401");
  }

  @ParameterizedTest
  @ValueSource(strings = {"script", "style"})
  void theHashesOfThePolicyMatchThePage(String element) throws Exception {
    String page = request("GET", "/");
    Matcher inline =
        Pattern.compile("<" + element + ">(.*?)</" + element + ">", Pattern.DOTALL)
            .matcher(body(page));
    assertThat(inline.find()).isTrue();
    byte[] digest =
        MessageDigest.getInstance("SHA-256")
            .digest(inline.group(1).getBytes(StandardCharsets.UTF_8));

    assertThat(page)
        .contains(element + "-src 'sha256-" + Base64.getEncoder().encodeToString(digest) + "'");
    assertThat(inline.find()).as("a second " + element).isFalse();
  }

  @Test
  void thePageLoadsNothingElseAndRunsNoTextAsCode() throws IOException {
    String page = body(request("GET", "/"));

    assertThat(page)
        .doesNotContainPattern(
            "(?i)<(?:link|script|img|iframe)[^>]*(?:src|href)=\"?(?!data:)[^\"> ]")
        .doesNotContainPattern("(?i)https?://(?!www\\.w3\\.org/)")
        .doesNotContainPattern("@import|\\burl\\(")
        .doesNotContainPattern("<[^>]*\\son[a-z]+=")
        .doesNotContainPattern("<[^>]*\\sstyle=")
        .doesNotContainPattern("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|eval\\(");
  }

  @Test
  void everyFieldHasALabelAndEveryButtonAName() throws IOException {
    String page = body(request("GET", "/")).replaceAll("(?s)<script>.*</script>", "");

    for (Matcher field =
            Pattern.compile("<(?:input|select|textarea)[^>]*\\bid=\"([^\"]+)\"").matcher(page);
        field.find(); ) {
      assertThat(page).contains("for=\"" + field.group(1) + "\"");
    }
    for (Matcher button = Pattern.compile("(?s)<button([^>]*)>(.*?)</button>").matcher(page);
        button.find(); ) {
      String words = button.group(2).replaceAll("<[^>]*>", "").strip();
      assertThat(button.group(1).contains("aria-label") || !words.isEmpty())
          .as(button.group())
          .isTrue();
    }
    assertThat(page).contains("lang=\"en\"", "aria-live", "role=\"log\"", "name=\"viewport\"");
  }

  private String request(String method, String path) throws IOException {
    try (Wire wire = new Wire(server.port())) {
      return wire.send(
              method
                  + " "
                  + path
                  + " HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
          .readAll();
    }
  }

  private static String headers(String response) {
    return response.substring(0, response.indexOf("\r\n\r\n"));
  }

  private static String body(String response) {
    return response.substring(response.indexOf("\r\n\r\n") + 4);
  }
}
