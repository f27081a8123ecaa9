package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.openaikserve.grpc.servers.Certificates;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.TlsServerCredentials;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TlsTest {
  private static final Duration SOON = Duration.ofMillis(20);

  @AutoClose private final Resources resources = new Resources();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Test
  void onlyTrustedServersAreAccepted() throws Exception {
    Certificates own = Certificates.make(directory, "localhost");
    String target = start(own, null);

    try (var trusting = GrpcBackend.builder().target(target).tls(own.certificate()).build();
        var wary = GrpcBackend.builder().target(target).tls().build();
        var plain = Servers.connect(target)) {
      assertThat(answer(trusting)).isEqualTo("sealed");
      assertThat(answer(wary))
          .isEqualTo("The model server could not be reached: TLS handshake failed.");
      assertThat(answer(plain))
          .isEqualTo("The model server could not be reached: connection lost.");
    }
  }

  @ParameterizedTest
  @CsvSource({"-9, -1", "1, 9"})
  void aServerIsRejectedOutsideItsValidityEvenIfItsOwnCertificateIsTrusted(int first, int last)
      throws Exception {
    Certificates own = Certificates.make(directory, "localhost", first, last);
    String target = start(own, null);

    try (var backend = GrpcBackend.builder().target(target).tls(own.certificate()).build()) {
      assertThat(answer(backend))
          .isEqualTo("The model server could not be reached: TLS handshake failed.");
    }
  }

  /** Other tests are not affected: the servers that they reject are not in this trust store. */
  @ParameterizedTest
  @CsvSource({
    "-9, -1, The model server could not be reached: TLS handshake failed.",
    "-1, 1, sealed"
  })
  void theValidityOfTheJdksTrustedCertificatesIsCheckedToo(int first, int last, String answer)
      throws Exception {
    Certificates own = Certificates.make(directory, "localhost", first, last);
    String target = start(own, null);
    Path store = directory.resolve("trusted.jks");
    try (OutputStream out = Files.newOutputStream(store)) {
      own.store().store(out, Certificates.PASSWORD.toCharArray());
    }

    System.setProperty("javax.net.ssl.trustStore", store.toString());
    try (var backend = GrpcBackend.builder().target(target).tls().build()) {
      assertThat(answer(backend)).isEqualTo(answer);
    } finally {
      System.clearProperty("javax.net.ssl.trustStore");
    }
  }

  @Test
  void aServerIsAcceptedIfItsAuthorityIsTrusted() throws Exception {
    Certificates authority = Certificates.make(directory, "authority");
    String valid = start(authority.issue(directory, "localhost", -1, 1), null);
    String expired = start(authority.issue(directory, "localhost", -9, -1), null);

    try (var good = GrpcBackend.builder().target(valid).tls(authority.certificate()).build();
        var bad = GrpcBackend.builder().target(expired).tls(authority.certificate()).build()) {
      assertThat(answer(good)).isEqualTo("sealed");
      assertThat(answer(bad))
          .isEqualTo("The model server could not be reached: TLS handshake failed.");
    }
  }

  @Test
  void aServerWithAnotherNameIsRejectedUnlessTheAuthorityIsSet() throws Exception {
    Certificates own = Certificates.make(directory, "model.example");
    String target = start(own, null);

    try (var strict = GrpcBackend.builder().target(target).tls(own.certificate()).build();
        var told =
            GrpcBackend.builder()
                .target(target)
                .tls(own.certificate())
                .authority("model.example")
                .build()) {
      assertThat(answer(strict))
          .isEqualTo("The model server could not be reached: TLS handshake failed.");
      assertThat(answer(told)).isEqualTo("sealed");
    }
  }

  @Test
  void eachOfSeveralServersIsVerifiedByItsOwnName() throws Exception {
    Certificates own = Certificates.make(directory, "localhost");
    String target = start(own, null);

    try (var backend = GrpcBackend.builder().target(target).tls(own.certificate()).build()) {
      assertThat(answer(backend)).isEqualTo("sealed");
    }
  }

  @Test
  void aClientCertificateIsPresentedIfTheServerRequestsIt() throws Exception {
    Certificates own = Certificates.make(directory, "localhost");
    Certificates client = Certificates.make(directory, "client");
    String target = start(own, client);

    try (var known = known(target, own, client);
        var unknown = GrpcBackend.builder().target(target).tls(own.certificate()).build()) {
      assertThat(answer(known)).isEqualTo("sealed");
      assertThat(answer(unknown))
          .isEqualTo("The model server could not be reached: TLS handshake failed.");
    }
  }

  @Test
  void certificatesAreReloadedWhenTheyChange() throws Exception {
    Certificates expected = Certificates.make(directory, "localhost");
    Certificates shown = Certificates.make(directory, "shown");
    Path elsewhere = directory.resolve("elsewhere");
    assertThat(elsewhere.toFile().mkdir()).isTrue();
    Certificates server = Certificates.make(elsewhere, "localhost");
    Certificates client = Certificates.make(elsewhere, "client");
    String target = start(server, client);

    try (var backend = known(target, expected, shown)) {
      assertThat(answer(backend))
          .isEqualTo("The model server could not be reached: TLS handshake failed.");

      server.replace(expected);
      client.replace(shown);

      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!answer(backend).equals("sealed")) {
        assertThat(System.nanoTime()).as("time").isLessThan(deadline);
        var unused =
            backend // replaces the connection at once, which calls do later
                .ready()
                .handle((ready, failure) -> failure)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void unreadableFilesAreNamedInTheError() throws Exception {
    Path nothing = directory.resolve("nothing.pem");

    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> GrpcBackend.builder().target("a:1").tls(nothing).build())
        .withMessage("cannot read " + nothing);
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(
            () ->
                GrpcBackend.builder()
                    .target("a:1")
                    .tls()
                    .clientCertificate(nothing, nothing)
                    .build());
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> GrpcBackend.builder().target("a:1").clientCertificate(nothing, nothing).build());
  }

  private static GrpcBackend known(String target, Certificates trusted, Certificates shown) {
    return GrpcBackend.builder()
        .target(target)
        .tls(trusted.certificate())
        .clientCertificate(shown.certificate(), shown.key())
        .certificateReloadInterval(SOON)
        .build();
  }

  private String start(Certificates own, @Nullable Certificates clients) throws Exception {
    TlsServerCredentials.Builder credentials =
        TlsServerCredentials.newBuilder()
            .keyManager(own.certificate().toFile(), own.key().toFile());
    if (clients != null) {
      credentials
          .trustManager(clients.certificate().toFile())
          .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE);
    }
    Server server =
        Grpc.newServerBuilderForPort(0, credentials.build())
            .addService(ScriptedService.answering("sealed"))
            .build()
            .start();
    resources.add(server);
    return "localhost:" + server.getPort();
  }

  /** Returns the text, or the message of the failure. */
  private static String answer(GrpcBackend backend) throws Exception {
    Recorder recorder = Recorder.of(backend.infer(Servers.streamCall()));
    try {
      return recorder.texts().get(0);
    } catch (AssertionError failed) {
      return String.valueOf(recorder.failure().getMessage());
    }
  }
}
