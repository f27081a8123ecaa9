package io.github.openaikserve.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What clients are allowed, beside the address. Immutable.
 *
 * @param stall how long a client may take nothing of an answer that waits for it
 * @param shutdownDelay how long requests are still taken once {@code /health/ready} says 503
 * @param maxConnections more are hung up on
 * @param corsOrigins of web pages that may read answers
 * @param apiKeyFile digests of keys, one to a line
 * @param certificates the server's own, with {@code key}; empty for no TLS
 * @param key of the certificate
 * @param clientAuthorities who vouches for clients; empty for letting in all
 * @param certificateCheck how often changed certificates are looked for
 * @param service how answers are given
 */
public record ClientRules(
    Duration stall,
    Duration shutdownDelay,
    int maxConnections,
    List<String> corsOrigins,
    Optional<Path> apiKeyFile,
    Optional<Path> certificates,
    Optional<Path> key,
    Optional<Path> clientAuthorities,
    Duration certificateCheck,
    Service service) {
  private static final int MANY_CONNECTIONS = 1_000_000;

  /** What is not said. */
  public static final ClientRules DEFAULT =
      new ClientRules(
          Duration.ofSeconds(60),
          Duration.ofSeconds(5),
          10_000,
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Duration.ofMinutes(1),
          Service.DEFAULT);

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if there is a key without a certificate, or the reverse
   */
  public ClientRules {
    corsOrigins = List.copyOf(corsOrigins);
    if (certificates.isPresent() != key.isPresent()) {
      throw new IllegalArgumentException("a certificate needs its key, and a key its certificate");
    }
    if (clientAuthorities.isPresent() && certificates.isEmpty()) {
      throw new IllegalArgumentException("clients can be known by certificates only over TLS");
    }
  }

  static ClientRules read(Section section) {
    ClientRules rules =
        section.find("tls").map(value -> value.section(ClientRules::readTls)).orElse(DEFAULT);
    return new ClientRules(
        section.find("stall").map(Value::positiveDuration).orElse(DEFAULT.stall),
        section.find("shutdown_delay").map(Value::duration).orElse(DEFAULT.shutdownDelay),
        section
            .find("max_connections")
            .map(value -> value.integer(1, MANY_CONNECTIONS))
            .orElse(DEFAULT.maxConnections),
        section.find("cors_origins").map(value -> value.list(Value::text)).orElse(List.of()),
        section.find("api_key_file").map(Value::file),
        rules.certificates,
        rules.key,
        rules.clientAuthorities,
        rules.certificateCheck,
        Service.read(section));
  }

  private static ClientRules readTls(Section section) {
    return DEFAULT.withTls(
        Optional.of(section.require("certificates").file()),
        Optional.of(section.require("key").file()),
        section.find("client_authorities").map(Value::file),
        section.find("check").map(Value::positiveDuration).orElse(DEFAULT.certificateCheck));
  }

  private ClientRules withTls(
      Optional<Path> ownCertificates,
      Optional<Path> ownKey,
      Optional<Path> authorities,
      Duration check) {
    return new ClientRules(
        stall,
        shutdownDelay,
        maxConnections,
        corsOrigins,
        apiKeyFile,
        ownCertificates,
        ownKey,
        authorities,
        check,
        service);
  }
}
