package io.github.openaikserve.server.http;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The server's certificates, in PEM files. Immutable.
 *
 * @param certificates the server's own first
 * @param key in PKCS #8, not encrypted
 * @param clientAuthorities whoever they vouch for may come in, and nobody else; null for everybody
 * @param check how often the files are looked after; changed ones hold for new connections
 */
public record ServerTls(
    Path certificates, Path key, @Nullable Path clientAuthorities, Duration check) {
  private static final Duration DEFAULT_CHECK = Duration.ofMinutes(1);

  /** For everybody, looked after every minute. */
  public ServerTls(Path certificates, Path key) {
    this(certificates, key, null, DEFAULT_CHECK);
  }
}
