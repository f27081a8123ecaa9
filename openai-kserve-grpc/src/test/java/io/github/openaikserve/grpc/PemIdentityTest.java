package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.openaikserve.grpc.servers.Certificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PemIdentityTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @SuppressWarnings("NullAway.Init")
  private Path elsewhere;

  @BeforeEach
  void makeAnotherDirectory() throws Exception {
    elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void aKeyOfAnotherCertificateIsRejected(String algorithm) throws Exception {
    Certificates own = Certificates.make(directory, "a", algorithm);
    Certificates other = Certificates.make(elsewhere, "a", algorithm);

    PemIdentity identity = PemIdentity.read(own.certificate(), own.key());

    assertThat(identity.certificates())
        .containsExactly(PemIdentity.certificates(Files.readString(own.certificate())).get(0));
    assertThat(identity.key())
        .isEqualTo(own.store().getKey("own", Certificates.PASSWORD.toCharArray()));
    assertThat(identity).isEqualTo(PemIdentity.read(own.certificate(), own.key()));
    assertThat(identity.toString()).contains("CN=a").doesNotContain("PRIVATE");
    assertThatIOException()
        .isThrownBy(() -> PemIdentity.read(own.certificate(), other.key()))
        .withMessageContaining(own.certificate().toString())
        .withMessageContaining(other.key().toString())
        .withMessageContaining("do not belong together");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void anEndlessFileIsRejectedAndDoesNotStopTheReloading() throws Exception {
    Certificates own = Certificates.make(directory, "a", "EC");
    try (var tls = new Tls(Duration.ofHours(1))) {
      tls.trustManager(own.certificate());
      tls.keyManager(own.certificate(), own.key());
      Files.delete(own.certificate());
      Files.createSymbolicLink(own.certificate(), Path.of("/dev/zero"));

      tls.reload();
    }
    assertThatIOException()
        .isThrownBy(() -> PemIdentity.read(own.certificate(), own.key()))
        .withMessageContaining("is larger than");
  }

  @Test
  void aKeyOfAnotherAlgorithmIsRejected() throws Exception {
    Certificates own = Certificates.make(directory, "a", "EC");
    Certificates other = Certificates.make(elsewhere, "a", "RSA");

    assertThatIOException()
        .isThrownBy(() -> PemIdentity.read(own.certificate(), other.key()))
        .withMessageContaining("not a valid EC key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-----BEGIN PRIVATE KEY-----\nMEEC",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMEEC\n-----END ENCRYPTED PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nMEEC\n-----END PRIVATE KEY-----\n"
      })
  void anInvalidKeyIsRejectedAndNotShown(String text) throws Exception {
    Certificates own = Certificates.make(directory, "a");
    Files.writeString(own.key(), text);

    assertThatIOException()
        .isThrownBy(() -> PemIdentity.read(own.certificate(), own.key()))
        .withMessageContaining("key")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("MEEC"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-----BEGIN CERTIFICATE-----\nMEEC\n-----END CERTIFICATE-----\n", "nothing"})
  void anInvalidCertificateIsRejected(String text) throws Exception {
    Certificates own = Certificates.make(directory, "a");
    Files.writeString(own.certificate(), text);

    assertThatIOException()
        .isThrownBy(() -> PemIdentity.read(own.certificate(), own.key()))
        .withMessageContaining(own.certificate().toString());
  }
}
