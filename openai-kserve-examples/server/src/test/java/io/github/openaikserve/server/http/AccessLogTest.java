package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.server.testing.Script;
import io.github.openaikserve.server.testing.Wire;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

final class AccessLogTest {
  private final Logger log = (Logger) LoggerFactory.getLogger("openaikserve.access");
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getFormattedMessage());
        }
      };

  @BeforeEach
  void listen() {
    appender.start();
    log.setLevel(Level.INFO);
    log.addAppender(appender);
  }

  @AfterEach
  void forget() {
    log.detachAppender(appender);
    log.setLevel(null);
  }

  @Test
  void aRequestIsOneLineWithoutSecrets() throws Exception {
    try (ReferenceServer server = start(Script.echo());
        Wire wire = new Wire(server.port())) {
      wire.send(
          "POST /v1/completions?key=querysecret HTTP/1.1\r\nhost: x\r\n"
              + "authorization: Bearer keysecret\r\ncontent-length: 6\r\n\r\nprompt");
      wire.readUntil("prompt");

      assertThat(lines.poll(20, TimeUnit.SECONDS))
          .matches("POST /v1/completions 200 \\d+ bytes \\d+ ms req_1");
    }
    assertThat(lines).isEmpty();
  }

  @Test
  void healthChecksAreLoggedAtDebug() throws Exception {
    for (Level level : List.of(Level.INFO, Level.DEBUG)) {
      log.setLevel(level);
      try (ReferenceServer server = start(Script.echo())) { // closing it awaits the lines
        for (String path : List.of("/health", "/health/live", "/health/ready", "/x")) {
          try (Wire wire = new Wire(server.port())) {
            wire.send("GET " + path + " HTTP/1.0\r\n\r\n").readAll();
          }
        }
      }
    }
    assertThat(lines)
        .extracting(line -> line.split(" ", -1)[1])
        .containsExactlyInAnyOrder("/x", "/health", "/health/live", "/health/ready", "/x");
  }

  @Test
  void malformedInputIsLoggedAndALongMethodIsTruncated() throws Exception {
    try (ReferenceServer server = start(Script.echo())) {
      for (String head : List.of("not http\r\n\r\n", "M".repeat(5000) + " /x HTTP/1.0\r\n\r\n")) {
        try (Wire wire = new Wire(server.port())) {
          wire.send(head).readAllOrReset();
        }
      }
    }
    assertThat(lines)
        .hasSize(2)
        .contains("- - 400 malformed request")
        .anyMatch(line -> line.startsWith("M".repeat(20) + "... /x 200 "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"xyz\r\n", "5\r\nhello\r\n-1\r\n", "5\r\nhelloX\r\n\r\n"})
  void aRequestWithAMalformedChunkIsOneLine(String chunks) throws Exception {
    try (ReferenceServer server = start(Script.echo());
        Wire wire = new Wire(server.port())) {
      wire.send(
              "POST /v1/completions HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
                  + chunks)
          .readAll();

      assertThat(lines.poll(20, TimeUnit.SECONDS))
          .matches("POST /v1/completions 400 \\d+ bytes \\d+ ms req_1 \\(malformed body\\)");
    }
    assertThat(lines).isEmpty();
  }

  @Test
  void aClientThatDisconnectsBeforeTheResponseHasNoStatus() throws Exception {
    var received = new CountDownLatch(1);
    var never = new CompletableFuture<ApiResponse>();
    try (ReferenceServer server =
        start(
            new Script(
                request -> {
                  received.countDown();
                  return never;
                }))) {
      try (Wire wire = new Wire(server.port())) {
        wire.send(Wire.post("a"));
        received.await();
      }

      assertThat(lines.poll(20, TimeUnit.SECONDS))
          .matches("POST /x - 0 bytes \\d+ ms - \\(client gone\\)");
      assertThat(never).isCancelled();
    }
  }

  private static ReferenceServer start(Script script) throws Exception {
    return ReferenceServer.start(
        script, ServerOptions.builder().maxBody(1024).gracePeriod(Duration.ofSeconds(10)).build());
  }
}
