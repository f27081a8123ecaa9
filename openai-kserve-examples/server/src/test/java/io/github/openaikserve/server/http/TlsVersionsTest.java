package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.grpc.servers.Certificates;
import io.github.openaikserve.server.testing.Script;
import io.github.openaikserve.server.testing.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The versions of TLS that the server accepts. The JDK's client does not offer the old ones, so the
 * first record of a client is written here.
 *
 * <p><b>Source:</b> RFC 5246, sections 6.2.1 (record), 7.2 (alert) and 7.4.1.2 (client hello).
 */
final class TlsVersionsTest extends ServerTest {
  private static final int ALERT = 21;
  private static final int HANDSHAKE = 22;
  private static final int FATAL = 2;
  private static final int PROTOCOL_VERSION = 70;
  private static final int SERVER_HELLO = 2;

  /** ECDHE with ECDSA: AES-128-CBC for every version, and AES-128-GCM for TLS 1.2. */
  private static final byte[] CIPHER_SUITES = {0, 4, (byte) 0xc0, 0x09, (byte) 0xc0, 0x2b};

  /** The curve secp256r1, without compressed points. */
  private static final byte[] EXTENSIONS = {
    0, 14, 0, 10, 0, 4, 0, 2, 0, 23, 0, 11, 0, 2, 1, 0,
  };

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    Certificates own = Certificates.make(directory, "localhost");
    start(Script.echo(), ServerOptions.builder().tls(new ServerTls(own.certificate(), own.key())));
  }

  @ParameterizedTest
  @CsvSource({"0, SSL 3.0", "1, TLS 1.0", "2, TLS 1.1"})
  void oldVersionsAreRefused(int minor, String name) throws Exception {
    assertThat(firstRecord(minor)).as(name).startsWith(ALERT).endsWith(FATAL, PROTOCOL_VERSION);
  }

  @Test
  void tls12IsAccepted() throws Exception {
    byte[] record = firstRecord(3);

    assertThat(record).startsWith(HANDSHAKE, 3, 3);
    assertThat(record[5]).isEqualTo((byte) SERVER_HELLO);
  }

  private byte[] firstRecord(int minor) throws IOException {
    try (Wire wire = connect()) {
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
