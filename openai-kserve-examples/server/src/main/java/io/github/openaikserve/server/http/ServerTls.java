package io.github.openaikserve.server.http;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The server's TLS certificates, in PEM files. Immutable.
 *
 * @param certificates the certificate chain, with the server's own certificate first
 * @param key the private key in PKCS #8, not encrypted
 * @param clientAuthorities the certificate authorities of clients (mutual TLS); null if clients
 *     need no certificate
 * @param check the interval at which the files are checked for changes; new connections use the
 *     changed files
 */
public record ServerTls(
    Path certificates, Path key, @Nullable Path clientAuthorities, Duration check) {
  private static final Duration DEFAULT_CHECK = Duration.ofMinutes(1);

  /** Creates certificates without client authentication, checked for changes every minute. */
  public ServerTls(Path certificates, Path key) {
    this(certificates, key, null, DEFAULT_CHECK);
  }
}
