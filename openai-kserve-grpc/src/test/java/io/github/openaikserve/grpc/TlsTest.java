package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.TlsServerCredentials;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a certificate that the JDK's keytool makes for the occasion. */
final class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @Test
  void aTrustedServerIsSpokenToAndAnyOtherIsNot(@TempDir Path directory) throws Exception {
    Path certificate = directory.resolve("certificate.pem");
    Path key = directory.resolve("key.pem");
    makeCertificate(directory, certificate, key);
    Server server =
        Grpc.newServerBuilderForPort(
                0, TlsServerCredentials.create(certificate.toFile(), key.toFile()))
            .addService(
                ScriptedService.streaming(
                    (request, responses) -> {
                      responses.onNext(Servers.chunk("sealed"));
                      responses.onCompleted();
                    }))
            .build()
            .start();
    String target = "localhost:" + server.getPort();

    try (var trusting = GrpcBackend.builder().target(target).tls(certificate).build();
        var wary = GrpcBackend.builder().target(target).tls().build();
        var plain = GrpcBackend.connect(target)) {
      assertThat(Recorder.of(trusting.infer(Servers.streamCall())).texts())
          .containsExactly("sealed");
      assertThat(Recorder.of(wary.infer(Servers.streamCall())).failure())
          .hasMessage("The model server could not be reached.");
      assertThat(Recorder.of(plain.infer(Servers.streamCall())).failure())
          .hasMessage("The model server could not be reached.");
    } finally {
      server.shutdownNow().awaitTermination();
    }
  }

  private static void makeCertificate(Path directory, Path certificate, Path key) throws Exception {
    Path store = directory.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .inheritIO()
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    write(certificate, "CERTIFICATE", keys.getCertificate("server").getEncoded());
    write(key, "PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded());
  }

  private static void write(Path file, String kind, byte[] bytes) throws Exception {
    String encoded = Base64.getMimeEncoder(64, new byte[] {10}).encodeToString(bytes);
    Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + encoded + "\n-----END " + kind + "-----\n");
  }
}
