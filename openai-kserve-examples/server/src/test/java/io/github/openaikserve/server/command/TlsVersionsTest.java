package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.grpc.servers.Certificates;
import io.github.openaikserve.server.testing.JavaProcess;
import io.github.openaikserve.server.testing.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The versions of TLS that the server accepts, in a process whose JDK allows all of them. The JDK's
 * client does not offer the old ones, so the first record of a client is written here.
 *
 * <p><b>Source:</b> RFC 5246, sections 6.2.1 (record), 7.2 (alert) and 7.4.1.2 (client hello).
 */
final class TlsVersionsTest {
  private static final Pattern LISTENS =
      Pattern.compile("listens on https://127\\.0\\.0\\.1:(\\d+) ");
  private static final int ALERT = 21;
  private static final int HANDSHAKE = 22;
  private static final int FATAL = 2;
  private static final int PROTOCOL_VERSION = 70;

  /** ECDHE with ECDSA and AES-128, CBC and GCM. */
  private static final byte[] CIPHER_SUITES = {0, 4, (byte) 0xc0, 0x09, (byte) 0xc0, 0x2b};

  /** The curve secp256r1, without compressed points, and its signatures with SHA-256. */
  private static final byte[] EXTENSIONS = {
    0, 22, 0, 10, 0, 4, 0, 2, 0, 23, 0, 11, 0, 2, 1, 0, 0, 13, 0, 4, 0, 2, 4, 3,
  };

  @SuppressWarnings("NullAway.Init")
  private static Process server;

  @SuppressWarnings("NullAway.Init")
  private static Path certificate;

  private static int port;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    Certificates own = Certificates.make(directory, "localhost");
    certificate = own.certificate();
    Path security =
        Files.writeString(
            directory.resolve("java.security"),
            "jdk.tls.disabledAlgorithms=\njdk.tls.legacyAlgorithms=\n");
    server =
        JavaProcess.of(
                List.of("-Djava.security.properties=" + security),
                ServerCommand.class,
                "--port=0",
                "--anyserve-endpoint=127.0.0.1:1",
                "--tls-certificate=" + own.certificate(),
                "--tls-key=" + own.key())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    port = Integer.parseInt(JavaProcess.await(server, LISTENS).group(1));
  }

  @AfterAll
  static void end() throws InterruptedException {
    server.destroyForcibly().waitFor();
  }

  @ParameterizedTest
  @CsvSource({"0, SSL 3.0", "1, TLS 1.0", "2, TLS 1.1"})
  void oldVersionsAreRefused(int minor, String name) throws Exception {
    assertThat(firstRecord(minor)).as(name).startsWith(ALERT).endsWith(FATAL, PROTOCOL_VERSION);
  }

  @Test
  void tls12IsAccepted() throws Exception {
    try (var socket = (SSLSocket) trusting(certificate).createSocket("127.0.0.1", port)) {
      socket.setSoTimeout(20_000);
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.startHandshake();

      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
    }
  }

  private static SocketFactory trusting(Path certificate) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream pem = Files.newInputStream(certificate)) {
      store.setCertificateEntry(
          "server", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context.getSocketFactory();
  }

  private byte[] firstRecord(int minor) throws IOException {
    try (Wire wire = new Wire(port)) {
      return wire.send(hello(minor)).readRecord();
    }
  }

  private static byte[] hello(int minor) {
    var body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {3, (byte) minor});
    body.writeBytes(new byte[32]); // random
    body.write(0); // no session
    body.writeBytes(CIPHER_SUITES);
    body.writeBytes(new byte[] {1, 0}); // no compression
    body.writeBytes(EXTENSIONS);
    return ByteBuffer.allocate(9 + body.size())
        .put((byte) HANDSHAKE)
        .put(new byte[] {3, 1})
        .putShort((short) (4 + body.size()))
        .putInt(1 << 24 | body.size())
        .put(body.toByteArray())
        .array();
  }
}
