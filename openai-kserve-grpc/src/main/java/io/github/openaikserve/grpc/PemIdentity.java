package io.github.openaikserve.grpc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A certificate chain and the private key of its first certificate, read from PEM files. Immutable;
 * {@link #toString} does not show the key.
 *
 * <p>The key always belongs to the certificate: it is verified by a signature. So a renewal that
 * has replaced only one of the two files is noticed before a TLS handshake fails.
 */
public final class PemIdentity {
  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  /** The maximum size of a file. A bundle of all public authorities has a quarter of a MiB. */
  private static final int MAX_BYTES = 4 << 20;

  private final String certificatesPem;
  private final String keyPem;
  private final List<X509Certificate> certificates;
  private final PrivateKey key;

  private PemIdentity(String certificatesPem, String keyPem) throws GeneralSecurityException {
    this.certificatesPem = certificatesPem;
    this.keyPem = keyPem;
    this.certificates = certificates(certificatesPem);
    PublicKey publicKey = certificates.get(0).getPublicKey();
    this.key = key(keyPem, publicKey.getAlgorithm());
    if (!belongTogether(publicKey, key)) {
      throw new GeneralSecurityException("key and certificate do not belong together");
    }
  }

  /**
   * Reads and verifies both files. Reads them a second time if one changes meanwhile.
   *
   * @param certificates the chain, with the identity's own certificate first
   * @param key in PKCS #8, not encrypted: RSA, EC or EdDSA
   * @throws IOException if a file cannot be read or parsed, or the key does not belong to the
   *     certificate; the message then names both files and when they changed
   */
  public static PemIdentity read(Path certificates, Path key) throws IOException {
    List<FileTime> before = changes(certificates, key);
    String certificatesPem = text(certificates);
    String keyPem = text(key);
    List<FileTime> after = changes(certificates, key);
    if (!after.equals(before)) {
      certificatesPem = text(certificates);
      keyPem = text(key);
    }
    try {
      return new PemIdentity(certificatesPem, keyPem);
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "cannot use the certificate %s (changed %s) with the key %s (changed %s): %s"
              .formatted(certificates, after.get(0), key, after.get(1), e.getMessage()),
          e);
    }
  }

  /**
   * Returns the text of a PEM file.
   *
   * @throws IOException if the file cannot be read, is not UTF-8, or is larger than {@link
   *     #MAX_BYTES}
   */
  static String text(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException("%s is larger than %d bytes".formatted(file, MAX_BYTES));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
  }

  /** Returns the modification times of both files. */
  private static List<FileTime> changes(Path certificates, Path key) throws IOException {
    return List.of(Files.getLastModifiedTime(certificates), Files.getLastModifiedTime(key));
  }

  /**
   * Returns the certificates of a PEM text, at least one.
   *
   * @throws CertificateException if the text has no certificate, or one cannot be parsed
   */
  static List<X509Certificate> certificates(String pem) throws CertificateException {
    List<X509Certificate> all =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))
            .stream()
            .map(X509Certificate.class::cast)
            .toList();
    if (all.isEmpty()) {
      throw new CertificateException("no certificate found");
    }
    return all;
  }

  private static PrivateKey key(String pem, String algorithm) throws GeneralSecurityException {
    Matcher found = PRIVATE_KEY.matcher(pem);
    if (!found.find()) {
      throw new GeneralSecurityException(
          "no unencrypted PKCS #8 key found; expected -----BEGIN PRIVATE KEY-----");
    }
    try {
      byte[] encoded = Base64.getMimeDecoder().decode(found.group(1));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      // Omits the cause, whose message may show bytes of the key.
      throw new GeneralSecurityException("the key is not a valid %s key".formatted(algorithm));
    }
  }

  private static boolean belongTogether(PublicKey publicKey, PrivateKey privateKey)
      throws GeneralSecurityException {
    String algorithm = publicKey.getAlgorithm();
    Signature signature =
        Signature.getInstance(
            switch (algorithm) {
              case "RSA" -> "SHA256withRSA";
              case "EC" -> "SHA256withECDSA";
              default -> algorithm; // EdDSA names the signature and the key alike
            });
    byte[] signed = algorithm.getBytes(StandardCharsets.UTF_8);
    signature.initSign(privateKey);
    signature.update(signed);
    byte[] bytes = signature.sign();
    signature.initVerify(publicKey);
    signature.update(signed);
    return signature.verify(bytes);
  }

  /** Returns the chain, with the identity's own certificate first. */
  public List<X509Certificate> certificates() {
    return certificates;
  }

  /** Returns the private key of the first certificate. */
  public PrivateKey key() {
    return key;
  }

  /** Returns the text of the certificate file as it was read. */
  public String certificatesPem() {
    return certificatesPem;
  }

  /** Returns the text of the key file as it was read. */
  public String keyPem() {
    return keyPem;
  }

  /** Compares the texts of both files. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PemIdentity that
        && certificatesPem.equals(that.certificatesPem)
        && keyPem.equals(that.keyPem);
  }

  @Override
  public int hashCode() {
    return certificatesPem.hashCode();
  }

  @Override
  public String toString() {
    return "PemIdentity[" + certificates.get(0).getSubjectX500Principal() + "]";
  }
}
