package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.server.key.ApiKeyHandler;
import io.github.openaikserve.server.testing.Script;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CorsTest extends ServerTest {
  private static final String PREFLIGHT =
      "access-control-request-method: POST\r\n"
          + "access-control-request-headers: authorization, content-type\r\n";

  @Test
  void noPageMayReadResponsesUnlessItsOriginIsAllowed() throws Exception {
    start(List.of());
    assertThat(ask("GET", "https://a.example", "")).doesNotContain("access-control");
    assertThat(ask("OPTIONS", "https://a.example", PREFLIGHT)).doesNotContain("access-control");
  }

  @Test
  void aPageOfAnAllowedOriginMaySendAPreflightWithoutAKeyAndReadWithAKey() throws Exception {
    start(List.of("https://a.example"));

    assertThat(ask("OPTIONS", "https://a.example", PREFLIGHT))
        .startsWith("HTTP/1.1 204")
        .contains(
            "access-control-allow-origin: https://a.example\r\n",
            "access-control-allow-headers: authorization, content-type\r\n",
            "access-control-allow-methods: GET, POST, DELETE\r\n",
            "vary: origin");
    assertThat(ask("GET", "https://a.example", ""))
        .startsWith("HTTP/1.1 401")
        .contains("access-control-allow-origin: https://a.example\r\n");
    assertThat(ask("GET", "https://a.example", "authorization: Bearer key\r\n"))
        .startsWith("HTTP/1.1 200")
        .contains("access-control-expose-headers: *\r\n");
  }

  @Test
  void otherOriginsReceiveNoCorsHeaders() throws Exception {
    start(List.of("https://a.example"));

    for (String other : List.of("https://b.example", "https://a.example.evil", "null")) {
      assertThat(ask("OPTIONS", other, PREFLIGHT))
          .startsWith("HTTP/1.1 401")
          .doesNotContain("access-control");
    }
  }

  @Test
  void aStarAllowsAllOrigins() throws Exception {
    start(List.of("*"));

    assertThat(ask("OPTIONS", "https://b.example", PREFLIGHT))
        .startsWith("HTTP/1.1 204")
        .contains("access-control-allow-origin: *\r\n")
        .doesNotContain("credentials");
  }

  private String ask(String method, String origin, String headers) throws IOException {
    return answer(
        method + " /v1/models HTTP/1.1\r\nhost: x\r\norigin: " + origin + "\r\n" + headers + "\r\n",
        "\r\n\r\n");
  }

  private void start(List<String> origins) throws IOException {
    server =
        ReferenceServer.start(
            new ApiKeyHandler(Script.echo(), List.of("key")),
            ServerOptions.builder().corsOrigins(origins).build());
  }
}
