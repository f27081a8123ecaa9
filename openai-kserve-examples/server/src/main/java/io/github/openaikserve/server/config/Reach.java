package io.github.openaikserve.server.config;

import io.github.openaikserve.resilience.ConcurrencyLimit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a model server is reached, beside its address. Immutable.
 *
 * @param targets several in place of one; empty for the one
 * @param resilience the policies for its endpoints
 * @param connectTimeout the limit for connecting; empty for the transport's default
 * @param connections the number of connections to each endpoint; empty for the transport's default
 * @param compression how requests are compressed, such as gzip; empty for not at all
 * @param clientCertificates shown to the server, with {@code clientKey}; empty for none
 * @param clientKey of the certificates
 * @param authority the name the server's certificate must have; empty for the target's
 * @param tokenFile a bearer token, read again every minute; empty for none
 * @param credentialsInPlaintext whether the token is sent without TLS too
 * @param guard what keeps it from too much
 */
public record Reach(
    List<String> targets,
    ResilienceConfig resilience,
    Optional<Duration> connectTimeout,
    Optional<Integer> connections,
    Optional<String> compression,
    Optional<Path> clientCertificates,
    Optional<Path> clientKey,
    Optional<String> authority,
    Optional<Path> tokenFile,
    boolean credentialsInPlaintext,
    Guard guard) {
  private static final int MAX_CONNECTIONS = 64;

  /** What is not said. */
  public static final Reach DEFAULT = of(List.of());

  /** Copies the list. */
  public Reach {
    targets = List.copyOf(targets);
  }

  /** Several targets, of which nothing else is said. */
  public static Reach of(List<String> targets) {
    return new Reach(
        targets,
        ResilienceConfig.DEFAULT,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        Guard.DEFAULT);
  }

  static Reach read(Section section) {
    return new Reach(
        section.find("targets").map(value -> value.list(Value::text)).orElse(List.of()),
        ResilienceConfig.read(section),
        section.find("connect_timeout").map(Value::positiveDuration),
        section.find("connections").map(n -> n.integer(1, MAX_CONNECTIONS)),
        section.find("compression").map(value -> value.oneOf(List.of("gzip"), name -> name)),
        section.find("client_certificates").map(Value::file),
        section.find("client_key").map(Value::file),
        section.find("authority").map(Value::text),
        section.find("token_file").map(Value::file),
        section.find("credentials_in_plaintext").map(Value::flag).orElse(false),
        Guard.read(section));
  }

  /** Returns the same with another limit of calls. */
  public Reach withLimit(ConcurrencyLimit limit) {
    return new Reach(
        targets,
        resilience,
        connectTimeout,
        connections,
        compression,
        clientCertificates,
        clientKey,
        authority,
        tokenFile,
        credentialsInPlaintext,
        guard.withLimit(limit));
  }
}
