package io.github.openaikserve.grpc.servers;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/**
 * Encodes certificates, which may also sign others.
 *
 * <p><b>Source:</b> RFC 5280, section 4.1; X.690 (DER).
 */
final class CertificateEncoder {
  private static final int BOOLEAN = 0x01;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int OBJECT_IDENTIFIER = 0x06;
  private static final int UTF8_STRING = 0x0c;
  private static final int UTC_TIME = 0x17;
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int DNS_NAME = 0x82;
  private static final int VERSION = 0xa0;
  private static final int EXTENSIONS = 0xa3;
  private static final int LONG_FORM = 0x80;
  private static final byte[] COMMON_NAME = oid("550403");
  private static final byte[] BASIC_CONSTRAINTS = oid("551d13");
  private static final byte[] AUTHORITY =
      der(OCTET_STRING, der(SEQUENCE, der(BOOLEAN, new byte[] {-1})));
  private static final byte[] SUBJECT_ALTERNATIVE_NAME = oid("551d11");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private CertificateEncoder() {}

  /**
   * Returns the certificate of a host name.
   *
   * @param issuer the name of the certificate that signs this one, or of this one
   * @param firstDay the begin of its validity, in days from now
   */
  static byte[] encode(
      String name, KeyPair keys, String issuer, KeyPair issuerKeys, int firstDay, int lastDay)
      throws Exception {
    String algorithm =
        switch (issuerKeys.getPublic().getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> "Ed25519";
        };
    byte[] identifier =
        switch (algorithm) {
          case "SHA256withECDSA" -> der(SEQUENCE, oid("2a8648ce3d040302"));
          case "SHA256withRSA" -> der(SEQUENCE, oid("2a864886f70d01010b"), new byte[] {5, 0});
          default -> der(SEQUENCE, oid("2b6570"));
        };
    byte[] names = der(OCTET_STRING, der(SEQUENCE, der(DNS_NAME, ascii(name))));
    byte[] content =
        der(
            SEQUENCE,
            der(VERSION, der(INTEGER, new byte[] {2})),
            der(INTEGER, BigInteger.valueOf(System.nanoTime()).toByteArray()),
            identifier,
            commonName(issuer),
            der(SEQUENCE, time(firstDay), time(lastDay)),
            commonName(name),
            keys.getPublic().getEncoded(),
            der(
                EXTENSIONS,
                der(
                    SEQUENCE,
                    der(SEQUENCE, BASIC_CONSTRAINTS, AUTHORITY),
                    der(SEQUENCE, SUBJECT_ALTERNATIVE_NAME, names))));
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(issuerKeys.getPrivate());
    signature.update(content);
    return der(SEQUENCE, content, identifier, der(BIT_STRING, new byte[] {0}, signature.sign()));
  }

  private static byte[] commonName(String name) {
    return der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, ascii(name)))));
  }

  private static byte[] time(int days) {
    return der(UTC_TIME, ascii(TIME.format(Instant.now().plusSeconds(days * 86_400L))));
  }

  private static byte[] oid(String hex) {
    return der(OBJECT_IDENTIFIER, HexFormat.of().parseHex(hex));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Returns an element: its tag, length and contents. */
  private static byte[] der(int tag, byte[]... parts) {
    var contents = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      contents.writeBytes(part);
    }
    var element = new ByteArrayOutputStream();
    element.write(tag);
    int length = contents.size();
    if (length >= LONG_FORM) {
      int bytes = length > 0xff ? 2 : 1;
      element.write(LONG_FORM | bytes);
      if (bytes == 2) {
        element.write(length >> Byte.SIZE);
      }
    }
    element.write(length);
    element.writeBytes(contents.toByteArray());
    return element.toByteArray();
  }
}
