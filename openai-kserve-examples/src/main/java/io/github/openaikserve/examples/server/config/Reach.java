package io.github.openaikserve.examples.server.config;

import io.github.openaikserve.grpc.Balancing;
import io.github.openaikserve.grpc.EndpointHealth;
import io.github.openaikserve.grpc.Retries;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a model server is reached, beside its address. Immutable.
 *
 * @param targets several in place of one; empty for the one
 * @param balancing empty for the transport's default
 * @param clientCertificates shown to the server, with {@code clientKey}; empty for none
 * @param clientKey of the certificates
 * @param authority the name the server's certificate must have; empty for the target's
 * @param tokenFile a bearer token, read again every minute; empty for none
 * @param credentialsInPlaintext whether the token is sent without TLS too
 * @param guard what keeps it from too much
 */
public record Reach(
    List<String> targets,
    Optional<Balancing> balancing,
    EndpointHealth health,
    Retries retries,
    Optional<Path> clientCertificates,
    Optional<Path> clientKey,
    Optional<String> authority,
    Optional<Path> tokenFile,
    boolean credentialsInPlaintext,
    Guard guard) {
  private static final int MOST = 1000;
  private static final int MOST_ATTEMPTS = 10;

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
        Optional.empty(),
        EndpointHealth.DEFAULT,
        Retries.DEFAULT,
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
        section.find("balancing").map(Reach::balancing),
        section
            .find("endpoint_health")
            .map(value -> value.section(Reach::health))
            .orElse(EndpointHealth.DEFAULT),
        section.find("retries").map(value -> value.section(Reach::retries)).orElse(Retries.DEFAULT),
        section.find("client_certificates").map(Value::file),
        section.find("client_key").map(Value::file),
        section.find("authority").map(Value::text),
        section.find("token_file").map(Value::file),
        section.find("credentials_in_plaintext").map(Value::flag).orElse(false),
        Guard.read(section));
  }

  private static Balancing balancing(Value value) {
    List<String> words =
        Stream.of(Balancing.values()).map(b -> b.name().toLowerCase(Locale.ROOT)).toList();
    return value.oneOf(words, word -> Balancing.valueOf(word.toUpperCase(Locale.ROOT)));
  }

  private static EndpointHealth health(Section section) {
    EndpointHealth usual = EndpointHealth.DEFAULT;
    return new EndpointHealth(
        section.find("failures").map(n -> n.integer(1, MOST)).orElse(usual.failures()),
        section.find("pause").map(Value::positiveDuration).orElse(usual.pause()),
        section.find("longest_pause").map(Value::positiveDuration).orElse(usual.longestPause()),
        section.find("silence").map(Value::positiveDuration).orElse(usual.silence()),
        section.find("probe").map(Value::positiveDuration).orElse(usual.probe()),
        section.find("refresh").map(Value::positiveDuration).orElse(usual.refresh()));
  }

  private static Retries retries(Section section) {
    Retries usual = Retries.DEFAULT;
    return new Retries(
        section.find("attempts").map(n -> n.integer(1, MOST_ATTEMPTS)).orElse(usual.maxAttempts()),
        section.find("pause").map(Value::positiveDuration).orElse(usual.firstPause()),
        section.find("longest_pause").map(Value::positiveDuration).orElse(usual.longestPause()),
        section.find("budget").map(n -> n.integer(1, MOST)).orElse(usual.budget()),
        usual.earned());
  }
}
