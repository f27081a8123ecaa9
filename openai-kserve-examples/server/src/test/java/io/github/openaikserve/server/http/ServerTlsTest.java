package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.openaikserve.grpc.servers.Certificates;
import io.github.openaikserve.server.testing.Script;
import io.github.openaikserve.server.testing.Wait;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

final class ServerTlsTest {
  private static final Duration SOON = Duration.ofMillis(20);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private static Path made;

  @SuppressWarnings("NullAway.Init")
  private static Certificates original;

  @SuppressWarnings("NullAway.Init")
  private static Certificates second;

  @SuppressWarnings("NullAway.Init")
  private static Certificates ofClient;

  /** A copy of {@link #original}, whose files a test may replace. */
  @SuppressWarnings("NullAway.Init")
  private Certificates first;

  /** Makes the certificates of all tests, because each one needs a process. */
  @BeforeAll
  static void make() throws Exception {
    original = Certificates.make(made, "localhost");
    second = Certificates.make(Files.createDirectory(made.resolve("second")), "localhost");
    ofClient = Certificates.make(made, "client");
  }

  @BeforeEach
  void copy(@TempDir Path directory) throws IOException {
    first =
        new Certificates(
            Files.copy(original.certificate(), directory.resolve("certificate.pem")),
            Files.copy(original.key(), directory.resolve("key.pem")),
            original.store());
  }

  @Test
  void certificatesAreReloadedWithoutARestart() throws Exception {
    try (ReferenceServer server =
        start(new ServerTls(first.certificate(), first.key(), null, SOON))) {
      assertThat(ask(server, original.certificate(), null)).isEqualTo(200);
      assertThat(ask(server, second.certificate(), null)).isEqualTo(0);

      second.replace(first);

      Wait.until(() -> ask(server, second.certificate(), null) == 200);
      assertThat(ask(server, original.certificate(), null)).isEqualTo(0);
    }
  }

  @Test
  void clientsThatOfferHttp2ByAlpnGetItAlsoAfterAReload() throws Exception {
    try (ReferenceServer server =
        start(new ServerTls(first.certificate(), first.key(), null, SOON))) {
      assertThat(version(server, original.certificate())).isEqualTo(HttpClient.Version.HTTP_2);

      second.replace(first);

      Wait.until(() -> ask(server, second.certificate(), null) == 200);
      assertThat(version(server, second.certificate())).isEqualTo(HttpClient.Version.HTTP_2);
    }
  }

  private static HttpClient.Version version(ReferenceServer server, Path trusted) throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(context(trusted, null)).build();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/health"))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).version();
  }

  @Test
  void aRenewedCertificateIsNotUsedBeforeItsKeyArrives() throws Exception {
    var logger = (Logger) LoggerFactory.getLogger(ServerCertificates.class);
    var logged = new ListAppender<ILoggingEvent>();
    logged.list = new CopyOnWriteArrayList<>(); // written by an event loop
    logged.start();
    logger.addAppender(logged);
    logger.setLevel(Level.WARN);
    try (ReferenceServer server =
        start(new ServerTls(first.certificate(), first.key(), null, SOON))) {
      Files.copy(second.certificate(), first.certificate(), StandardCopyOption.REPLACE_EXISTING);
      Wait.until(() -> !logged.list.isEmpty());
      for (int i = 0; i < 5; i++) {
        assertThat(ask(server, original.certificate(), null)).isEqualTo(200);
      }
      assertThat(logged.list)
          .singleElement()
          .satisfies(
              event -> assertThat(event.getFormattedMessage()).contains("do not belong together"));

      Files.copy(second.key(), first.key(), StandardCopyOption.REPLACE_EXISTING);
      Wait.until(() -> ask(server, second.certificate(), null) == 200);
    } finally {
      logger.detachAppender(logged);
      logger.setLevel(null);
    }
  }

  @Test
  void clientCertificatesAreRequiredIfConfigured() throws Exception {
    Path elsewhere = Files.createDirectory(made.resolve("foreign"));
    Certificates foreign = Certificates.make(elsewhere, "client");
    try (ReferenceServer server =
        start(
            new ServerTls(original.certificate(), original.key(), ofClient.certificate(), SOON))) {
      assertThat(ask(server, original.certificate(), ofClient)).isEqualTo(200);
      assertThat(ask(server, original.certificate(), null)).isEqualTo(0);
      assertThat(ask(server, original.certificate(), foreign)).isEqualTo(0);
    }
  }

  @Test
  void aClientCertificateOutsideItsValidityIsRefused(@TempDir Path directory) throws Exception {
    Certificates authority = Certificates.make(directory, "authority");
    Certificates valid = authority.issue(directory, "valid", -1, 1);
    Certificates expired = authority.issue(directory, "expired", -2, -1);
    Certificates future = authority.issue(directory, "future", 1, 2);
    try (ReferenceServer server =
        start(
            new ServerTls(original.certificate(), original.key(), authority.certificate(), SOON))) {
      assertThat(ask(server, original.certificate(), valid)).isEqualTo(200);
      assertThat(ask(server, original.certificate(), expired)).isEqualTo(0);
      assertThat(ask(server, original.certificate(), future)).isEqualTo(0);
    }
  }

  /** The JDK does not check the validity of a certificate that is an authority itself. */
  @ParameterizedTest
  @CsvSource({"-1, 1, 200", "-2, -1, 0", "1, 2, 0"})
  void theValidityOfAClientCertificateThatIsAnAuthorityIsChecked(
      int firstDay, int lastDay, int status, @TempDir Path directory) throws Exception {
    Certificates own = Certificates.make(directory, "client", firstDay, lastDay);
    try (ReferenceServer server =
        start(new ServerTls(original.certificate(), original.key(), own.certificate(), SOON))) {
      assertThat(ask(server, original.certificate(), own)).isEqualTo(status);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "junk", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
  void aFileWithoutAuthoritiesIsNamedInTheError(String content, @TempDir Path directory)
      throws IOException {
    Path authorities = Files.writeString(directory.resolve("clients.pem"), content);

    assertThatIOException()
        .isThrownBy(
            () -> start(new ServerTls(first.certificate(), first.key(), authorities, SOON)).close())
        .withMessageStartingWith("cannot use the certificate authorities " + authorities + ": ");
  }

  @Test
  void unreadableFilesAreNamedInTheError() {
    Path nothing = made.resolve("nothing.pem");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> start(new ServerTls(nothing, nothing)).close())
        .withMessageContaining("nothing.pem");
  }

  private static ReferenceServer start(ServerTls tls) throws IOException {
    return ReferenceServer.start(Script.echo(), ServerOptions.builder().tls(tls).build());
  }

  /** The status of the answer; 0 if there is none. */
  private static int ask(ReferenceServer server, Path trusted, @Nullable Certificates shown)
      throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(context(trusted, shown)).build();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/health"))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(Duration.ofSeconds(10))
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  private static SSLContext context(Path trusted, @Nullable Certificates shown) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream in = Files.newInputStream(trusted)) {
      store.setCertificateEntry(
          "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    KeyManager[] keys = null;
    if (shown != null) {
      KeyManagerFactory own =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      own.init(shown.store(), Certificates.PASSWORD.toCharArray());
      keys = own.getKeyManagers();
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, trust.getTrustManagers(), null);
    return context;
  }
}
