package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.server.testing.Script;
import io.github.openaikserve.server.testing.Wire;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that a proxy in front of the server may split into other requests than the server does. */
final class AmbiguousRequestsTest {
  private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nhost: x\r\n\r\n";

  private final List<String> paths = new CopyOnWriteArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private ReferenceServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        ReferenceServer.start(
            new Script(
                request -> {
                  paths.add(request.path());
                  return CompletableFuture.completedFuture(Script.text(200, "ok"));
                }),
            ServerOptions.defaults());
  }

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "content-length: 4\r\ntransfer-encoding: chunked",
        "transfer-encoding: chunked\r\ncontent-length: 4",
        "content-length: 5\r\ncontent-length: 6",
        "content-length: 5, 6",
        "content-length: +5",
        "content-length: -5",
        "content-length: 0x5",
        "content-length: 5 5",
        "content-length: 5;",
        "content-length: 99999999999999999999",
        "content-length : 5",
        "transfer-encoding : chunked",
        "transfer-encoding: xchunked",
        "transfer-encoding: chunked, identity",
        "transfer-encoding: \u000bchunked",
        "x: a\rb: c\r\ncontent-length: 5",
        "x: a\u0000b\r\ncontent-length: 5",
        "x\u0000: a\r\ncontent-length: 5",
      })
  void anAmbiguousHeadIs400AndNothingAfterItIsARequest(String headers) throws Exception {
    try (Wire wire = new Wire(server.port())) {
      wire.send("POST /x HTTP/1.1\r\nhost: x\r\n" + headers + "\r\n\r\n0\r\n\r\n" + HIDDEN);

      assertThat(wire.readAll()).startsWith("HTTP/1.1 400 ").doesNotContain("HTTP/1.1 200");
    }
    assertThat(paths).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "100000000\r\n",
        "10000000000000005\r\n",
        "0x5\r\nhello\r\n",
        "+5\r\nhello\r\n",
        "5 5\r\nhello\r\n",
        "5\rhello\r\n",
        "5\r\nhelloX",
      })
  void anAmbiguousChunkIs400AndNothingAfterItIsARequest(String chunk) throws Exception {
    try (Wire wire = new Wire(server.port())) {
      wire.send(
          "POST /x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
              + chunk
              + "0\r\n\r\n"
              + HIDDEN);

      assertThat(wire.readAll()).matches("(?s)HTTP/1.1 4(00|13) .*").doesNotContain("1.1 200");
    }
    assertThat(paths).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5\r\nhello\r\n0\r\n\r\n",
        "5;a=b\r\nhello\r\n0;c\r\n\r\n",
        "5\r\nhello\r\n0\r\nx-trailer: y\r\ncontent-length: 90\r\n\r\n",
      })
  void theRequestAfterAnExtensionOrATrailerIsTheNextOne(String chunks) throws Exception {
    try (Wire wire = new Wire(server.port())) {
      wire.send(
          "POST /x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n" + chunks + HIDDEN);

      wire.readUntil("ok");
      wire.readUntil("ok");
    }
    assertThat(paths).containsExactly("/x", "/hidden");
  }
}
