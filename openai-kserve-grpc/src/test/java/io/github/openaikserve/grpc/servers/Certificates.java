package io.github.openaikserve.grpc.servers;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** A temporary certificate from the JDK's keytool, and its key, as PEM files. */
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
   * @param algorithm keytool's name: EC, RSA or Ed25519
   */
  public static Certificates make(Path directory, String name, String algorithm) throws Exception {
    Path store = directory.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-Xshare:auto",
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=dns:" + name,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IllegalStateException("keytool has failed");
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    Path certificate = directory.resolve(name + "-certificate.pem");
    Path key = directory.resolve(name + "-key.pem");
    write(certificate, "CERTIFICATE", keys.getCertificate("own").getEncoded());
    write(key, "PRIVATE KEY", keys.getKey("own", PASSWORD.toCharArray()).getEncoded());
    return new Certificates(certificate, key, keys);
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
