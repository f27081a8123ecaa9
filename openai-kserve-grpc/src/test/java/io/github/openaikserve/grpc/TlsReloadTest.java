package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.openaikserve.grpc.servers.Certificates;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.TlsServerCredentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A client certificate and its key are replaced one after the other, as in a renewal. */
final class TlsReloadTest {
  @AutoClose private final Resources resources = new Resources();
  private final Logger logger = (Logger) LoggerFactory.getLogger(Tls.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
    logger.setLevel(Level.INFO);
  }

  @AfterEach
  void end() throws InterruptedException {
    logger.detachAppender(logged);
    logger.setLevel(null);
  }

  @Test
  void aRenewedCertificateIsNotUsedBeforeItsKeyArrives() throws Exception {
    Certificates server = Certificates.make(directory, "localhost");
    Certificates client = Certificates.make(directory, "client");
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Certificates renewed = Certificates.make(elsewhere, "client");
    String acceptsOld = start(server, Files.copy(client.certificate(), elsewhere.resolve("old")));
    String acceptsNew = start(server, renewed.certificate());
    try (var tls = new Tls(Duration.ofDays(1))) {
      tls.trustManager(server.certificate());
      tls.keyManager(client.certificate(), client.key());
      assertThat(isAccepted(acceptsOld, tls)).isTrue();

      Files.copy(renewed.certificate(), client.certificate(), StandardCopyOption.REPLACE_EXISTING);
      tls.reload();
      tls.reload();

      assertThat(isAccepted(acceptsOld, tls)).isTrue();
      assertThat(isAccepted(acceptsNew, tls)).isFalse();
      assertThat(logged.list)
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.getLevel()).isEqualTo(Level.WARN);
                assertThat(event.getFormattedMessage()).contains("do not belong together");
              });

      Files.copy(renewed.key(), client.key(), StandardCopyOption.REPLACE_EXISTING);
      tls.reload();

      assertThat(isAccepted(acceptsNew, tls)).isTrue();
      assertThat(isAccepted(acceptsOld, tls)).isFalse();
      assertThat(logged.list)
          .extracting(ILoggingEvent::getLevel)
          .containsExactly(Level.WARN, Level.INFO);
    }
  }

  /** Returns whether a call over a new connection is answered. */
  private static boolean isAccepted(String target, Tls tls) throws Exception {
    ManagedChannel channel = Grpc.newChannelBuilder(target, tls.credentials()).build();
    try {
      Recorder call = Recorder.of(GrpcBackend.over(channel).infer(Servers.streamCall()));
      call.awaitEnd();
      return call.hasBegun();
    } finally {
      channel.shutdownNow();
    }
  }

  private String start(Certificates own, Path clients) throws Exception {
    Server server =
        Grpc.newServerBuilderForPort(
                0,
                TlsServerCredentials.newBuilder()
                    .keyManager(own.certificate().toFile(), own.key().toFile())
                    .trustManager(clients.toFile())
                    .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                    .build())
            .addService(ScriptedService.answering("in"))
            .build()
            .start();
    resources.add(server);
    return "localhost:" + server.getPort();
  }
}
