package io.github.openaikserve.grpc.servers;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** A temporary certificate, and its key, as PEM files. */
public record Certificates(Path certificate, Path key, KeyStore store) {
  /** The password of the key store. */
  public static final String PASSWORD = "changeit";

  private static final String ENTRY = "own";

  /** Creates a self-signed certificate with this name. */
  public static Certificates make(Path directory, String name) throws Exception {
    return make(directory, name, "EC");
  }

  /**
   * Creates a self-signed certificate with a key of another algorithm.
   *
   * @param algorithm the JDK's name: EC, RSA or Ed25519
   */
  public static Certificates make(Path directory, String name, String algorithm) throws Exception {
    var generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("RSA")) {
      generator.initialize(2048); // in a fraction of the time of the default size
    }
    KeyPair keys = generator.generateKeyPair();
    return of(directory, name, keys, CertificateEncoder.encode(name, keys, name, keys, -1, 1));
  }

  /**
   * Creates a self-signed certificate with another validity.
   *
   * @param firstDay the begin of its validity, in days from now
   */
  public static Certificates make(Path directory, String name, int firstDay, int lastDay)
      throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
    return of(
        directory,
        name,
        keys,
        CertificateEncoder.encode(name, keys, name, keys, firstDay, lastDay));
  }

  /**
   * Creates a certificate that this one has issued.
   *
   * @param firstDay the begin of its validity, in days from now
   */
  public Certificates issue(Path directory, String name, int firstDay, int lastDay)
      throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
    var own = (X509Certificate) store.getCertificate(ENTRY);
    var ownKey = (PrivateKey) store.getKey(ENTRY, PASSWORD.toCharArray());
    var issuer = new KeyPair(own.getPublicKey(), ownKey);
    String issuerName = own.getSubjectX500Principal().getName().replace("CN=", "");
    return of(
        directory,
        name,
        keys,
        CertificateEncoder.encode(name, keys, issuerName, issuer, firstDay, lastDay));
  }

  private static Certificates of(Path directory, String name, KeyPair keys, byte[] encoded)
      throws Exception {
    Certificate own =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, null);
    store.setKeyEntry(ENTRY, keys.getPrivate(), PASSWORD.toCharArray(), new Certificate[] {own});
    Path certificate = directory.resolve(name + "-certificate.pem");
    Path key = directory.resolve(name + "-key.pem");
    write(certificate, "CERTIFICATE", encoded);
    write(key, "PRIVATE KEY", keys.getPrivate().getEncoded());
    return new Certificates(certificate, key, store);
  }

  /** Replaces the files of another certificate by these, as an operator would. */
  public void replace(Certificates other) throws Exception {
    Files.copy(certificate, other.certificate, StandardCopyOption.REPLACE_EXISTING);
    Files.copy(key, other.key, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void write(Path file, String kind, byte[] bytes) throws Exception {
    String encoded = Base64.getMimeEncoder(64, new byte[] {10}).encodeToString(bytes);
    Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + encoded + "\n-----END " + kind + "-----\n");
  }
}
