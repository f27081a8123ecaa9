package io.github.openaikserve.server.http;

import io.github.openaikserve.server.file.BoundedFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts the clients of certificate authorities whose certificates are valid at the handshake. The
 * JDK's own trust manager does not check the validity of a client's certificate that is an
 * authority itself. Immutable; two are equal if they have the same authorities.
 */
final class ClientTrust extends X509ExtendedTrustManager {
  private final Set<Certificate> authorities;
  private final X509ExtendedTrustManager chains;

  private ClientTrust(Set<Certificate> authorities, X509ExtendedTrustManager chains) {
    this.authorities = authorities;
    this.chains = chains;
  }

  /**
   * Reads the authorities.
   *
   * @param file a PEM file
   * @throws IOException if the file cannot be read or has no certificate
   */
  static ClientTrust read(Path file) throws IOException {
    String pem = BoundedFile.read(file);
    try {
      var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(bytes);
      if (found.isEmpty()) {
        throw new CertificateException("no certificate found");
      }
      return new ClientTrust(Set.copyOf(found), chains(found));
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "cannot use the certificate authorities %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static X509ExtendedTrustManager chains(Collection<? extends Certificate> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate authority : authorities) {
      store.setCertificateEntry(String.valueOf(number++), authority);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return Stream.of(factory.getTrustManagers())
        .filter(X509ExtendedTrustManager.class::isInstance)
        .map(X509ExtendedTrustManager.class::cast)
        .findFirst()
        .orElseThrow(() -> new GeneralSecurityException("the JVM has no X.509 trust manager"));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    chains.checkClientTrusted(chain, type, engine);
    chain[0].checkValidity();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    chains.checkClientTrusted(chain, type, socket);
    chain[0].checkValidity();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    chains.checkClientTrusted(chain, type);
    chain[0].checkValidity();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw noServer();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw noServer();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw noServer();
  }

  private static CertificateException noServer() {
    return new CertificateException("these authorities are for clients only");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return chains.getAcceptedIssuers();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClientTrust trust && authorities.equals(trust.authorities);
  }

  @Override
  public int hashCode() {
    return authorities.hashCode();
  }
}
