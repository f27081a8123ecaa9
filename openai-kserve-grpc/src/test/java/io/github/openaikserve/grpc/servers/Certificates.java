package io.github.openaikserve.grpc.servers;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;

/** A temporary self-signed certificate, and its key, as PEM files. */
public record Certificates(Path certificate, Path key, KeyStore store) {
  /** The password of the key store. */
  public static final String PASSWORD = "changeit";

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
    byte[] encoded = SelfSigned.encode(name, keys);
    Certificate own =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, null);
    store.setKeyEntry("own", keys.getPrivate(), PASSWORD.toCharArray(), new Certificate[] {own});
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
