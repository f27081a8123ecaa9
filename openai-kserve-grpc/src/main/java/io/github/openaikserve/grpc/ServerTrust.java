package io.github.openaikserve.grpc;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts the servers that another trust manager trusts, if their own certificates are valid at the
 * handshake. The JDK's trust managers do not check the validity of a server's certificate that is
 * trusted itself; gRPC's other languages do. Thread-safe if the other is.
 */
final class ServerTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager chains;

  ServerTrust(X509ExtendedTrustManager chains) {
    this.chains = chains;
  }

  /**
   * Returns a trust manager with the JDK's trusted certificates.
   *
   * @throws GeneralSecurityException if they cannot be read
   */
  static ServerTrust ofJdk() throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((@Nullable KeyStore) null);
    return Stream.of(factory.getTrustManagers())
        .filter(X509ExtendedTrustManager.class::isInstance)
        .map(X509ExtendedTrustManager.class::cast)
        .findFirst()
        .map(ServerTrust::new)
        .orElseThrow(() -> new GeneralSecurityException("the JDK has no X.509 trust manager"));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    chains.checkServerTrusted(chain, type, engine);
    chain[0].checkValidity();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    chains.checkServerTrusted(chain, type, socket);
    chain[0].checkValidity();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    chains.checkServerTrusted(chain, type);
    chain[0].checkValidity();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw noClient();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw noClient();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw noClient();
  }

  private static CertificateException noClient() {
    return new CertificateException("these certificates are for servers only");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return chains.getAcceptedIssuers();
  }
}
