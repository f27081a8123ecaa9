package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.server.key.ApiKeyHandler;
import io.github.openaikserve.server.testing.Script;
import io.github.openaikserve.server.testing.StreamSource;
import io.github.openaikserve.server.testing.Wire;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods, versions and headers of HTTP, as they are on the wire. */
final class HttpFormsTest extends ServerTest {
  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void theAnswerToHeadHasNoBodyAndKeepsTheConnection() throws Exception {
    start(Script.echo());

    try (Wire wire = connect()) {
      wire.send("HEAD /x HTTP/1.1\r\nhost: x\r\n\r\n" + Wire.post("a"));

      String answers = wire.readUntil("POST /x a");
      assertThat(answers).startsWith("HTTP/1.1 200 ").doesNotContain("HEAD /x");
      assertThat(answers.split("HTTP/1.1 200 ", -1)).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"connection: keep-alive\r\n", "connection: close\r\n", ""})
  void aStreamOverHttp10EndsWithItsConnection(String asked) throws Exception {
    var source = new StreamSource();
    start(source.asScript());

    try (Wire wire = connect()) {
      wire.send("GET /x HTTP/1.0\r\n" + asked + "\r\n");
      source.send("data: one\n\n");
      assertThat(wire.readUntil("one"))
          .startsWith("HTTP/1.0 200 ")
          .containsOnlyOnce("connection: ")
          .contains("\r\nconnection: close\r\n")
          .doesNotContain("transfer-encoding", "content-length");
      source.subscriber.join().onComplete();

      assertThat(wire.readAll()).isEqualTo("\n\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"connection: close\r\n", ""})
  void aWholeAnswerOverHttp10ClosesTheConnectionUnlessItIsKept(String asked) throws Exception {
    start(Script.echo());

    try (Wire wire = connect()) {
      wire.send("GET /x HTTP/1.0\r\n" + asked + "\r\n");

      assertThat(wire.readAll())
          .startsWith("HTTP/1.0 200 ")
          .containsIgnoringCase("content-length: ")
          .doesNotContainIgnoringCase("keep-alive")
          .endsWith("\r\n\r\nGET /x ");
    }
  }

  @Test
  void aRefusalOverHttp10ThatClosesTheConnectionSaysSo() throws Exception {
    server = ReferenceServer.start(Script.echo(), ServerOptions.builder().maxBody(10).build());

    try (Wire wire = connect()) {
      wire.send(
          "POST /x HTTP/1.0\r\nconnection: keep-alive\r\ncontent-length: 99\r\n\r\n"
              + "a".repeat(99));

      assertThat(wire.readAll())
          .startsWith("HTTP/1.0 413 ")
          .containsOnlyOnce("connection: ")
          .contains("\r\nconnection: close\r\n");
    }
  }

  @Test
  void aWholeAnswerOverHttp10KeepsTheConnection() throws Exception {
    start(Script.echo());

    try (Wire wire = connect()) {
      String get = "GET /x HTTP/1.0\r\nconnection: keep-alive\r\n\r\n";
      assertThat(wire.send(get).readUntil("GET /x"))
          .containsIgnoringCase("connection: keep-alive")
          .containsIgnoringCase("content-length: ");
      wire.send(get).readUntil("GET /x");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host: x\r\nhost: y\r\n",
        "host: x\r\nHost: x\r\n",
        "host: x\r\n: empty\r\n",
      })
  void aHeadThatViolatesHttpIs400(String headers) throws Exception {
    start(Script.echo());

    assertThat(answer("GET /x HTTP/1.1\r\n" + headers + "\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("malformed_request");
  }

  /** Netty reports any list that ends with chunked as chunked, so only these can be rejected. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: gzip\r\n",
        "transfer-encoding: gzip, chunked\r\n",
        "transfer-encoding: chunked, chunked\r\n",
        "transfer-encoding: xchunked\r\n"
      })
  void aTransferEncodingOtherThanChunkedIsRefused(String headers) throws Exception {
    start(Script.echo());

    assertThat(answer("POST /x HTTP/1.1\r\nhost: x\r\n" + headers + "\r\n1\r\na\r\n0\r\n\r\n"))
        .matches("(?s)HTTP/1.1 400 .*(unsupported_transfer_encoding|malformed_request).*")
        .doesNotContain("POST /x");
  }

  @Test
  void aFoldedHeaderIsReadAsOneLine() throws Exception {
    start(new ApiKeyHandler(Script.echo(), List.of("k")));

    answer("GET /x HTTP/1.1\r\nhost: x\r\nauthorization:\r\n Bearer k\r\n\r\n", "GET /x");
    answer("GET /x HTTP/1.1\r\nhost: x\r\nauthorization: Bearer\r\n\tk\r\n\r\n", "GET /x");
  }

  @Test
  void aRefusalForAMissingKeyNamesTheScheme() throws Exception {
    start(new ApiKeyHandler(Script.echo(), List.of("k")));

    assertThat(answer("GET /x HTTP/1.1\r\nhost: x\r\n\r\n", "invalid_api_key"))
        .contains("www-authenticate: Bearer\r\n");
  }

  @Test
  void aKeyWithAnyCharactersIsReadAsUtf8() throws Exception {
    start(new ApiKeyHandler(Script.echo(), List.of("schlüssel-\uD83D\uDD11")));

    answer(
        "GET /x HTTP/1.1\r\nhost: x\r\nauthorization: Bearer schlüssel-\uD83D\uDD11\r\n\r\n",
        "GET /x");
  }

  @Test
  void aLoadBalancersOptionsNeedsNoKey() throws Exception {
    start(new ApiKeyHandler(Script.echo(), List.of("k")));

    for (String target : List.of("/", "*", "/health", "/health/ready")) {
      assertThat(answer("OPTIONS " + target + " HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 200 ");
    }
  }

  @Test
  void responsesVaryByOriginIfOriginsAreConfigured() throws Exception {
    server =
        ReferenceServer.start(
            Script.echo(),
            ServerOptions.builder().corsOrigins(List.of("https://a.example")).build());

    assertThat(answer("GET /x HTTP/1.1\r\nhost: x\r\n\r\n", "GET /x")).contains("vary: origin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"zz\r\na\r\n", "-1\r\na\r\n", "1\r\nab\r\n0\r\n\r\n", "fffffffff\r\n"})
  void aMalformedChunkIs400AndClosesTheConnectionBeforeTheHandlerIsCalled(String chunks)
      throws Exception {
    var asked = new CompletableFuture<Void>();
    start(
        new Script(
            request -> {
              asked.complete(null);
              return CompletableFuture.completedFuture(Script.text(200, "ok"));
            }));

    assertThat(answer("POST /x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n" + chunks))
        .startsWith("HTTP/1.1 400 ")
        .contains("connection: close")
        .endsWith("malformed_request");
    assertThat(asked).isNotDone();
  }

  @Test
  void aMalformedChunkAffectsOnlyItsOwnPipelinedRequest() throws Exception {
    var first = new CompletableFuture<ApiResponse>();
    var arrived = new CompletableFuture<Void>();
    start(
        new Script(
            request -> {
              arrived.complete(null);
              return request.path().equals("/first")
                  ? first
                  : CompletableFuture.completedFuture(Script.text(200, "second"));
            }));

    try (Wire wire = connect()) {
      wire.send(
          "GET /first HTTP/1.1\r\nhost: x\r\n\r\nGET /second HTTP/1.1\r\nhost: x\r\n\r\n"
              + "POST /third HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n");
      arrived.get(20, TimeUnit.SECONDS);
      first.complete(Script.text(200, "first"));

      assertThat(wire.readAll())
          .matches("(?s)HTTP/1.1 200 .*firstHTTP/1.1 200 .*secondHTTP/1.1 400 .*malformed_request");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/2.0", "HTTP/1.2", "HTTP/3.0", "FOO/1.1"})
  void anotherVersionOfHttpIs400InOpenAisShape(String version) throws Exception {
    start(Script.echo());

    assertThat(answer("GET /x " + version + "\r\nhost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("connection: close")
        .endsWith("unsupported_http_version");
  }
}
