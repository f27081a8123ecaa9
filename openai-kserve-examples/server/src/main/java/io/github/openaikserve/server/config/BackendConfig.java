package io.github.openaikserve.server.config;

import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A model server. Immutable. */
public record BackendConfig(
    String name,
    Address address,
    Connection connection,
    CredentialsConfig credentials,
    ResilienceConfig resilience,
    TimeoutConfig timeouts,
    Worker worker) {
  /** Checks that the server is either embedded or has an address. */
  public BackendConfig {
    boolean remote = address.target().isPresent() || !address.targets().isEmpty();
    String key = address.target().isPresent() ? "target" : "targets";
    if (worker.embedded() && remote) {
      throw new Mistake(key, "'" + key + "' and 'embedded' are mutually exclusive");
    }
    if (!worker.embedded() && !remote) {
      throw new Mistake("", "'target' is missing");
    }
    if (!worker.embedded() && (worker.gguf().isPresent() || worker.context().isPresent())) {
      throw new Mistake(
          worker.gguf().isPresent() ? "gguf" : "context", "requires 'embedded: true'");
    }
  }

  /** The address of the server. */
  public record Address(
      @Setting(type = TargetType.class) Optional<String> target,
      @Setting(type = TargetType.Addresses.class) List<String> targets,
      @Setting(type = TargetType.Address.class) Optional<String> streamTarget,
      @Setting(max = ListenConfig.MAX_PORT) Optional<Integer> streamPortOffset,
      Optional<String> service) {
    /** Checks that the server has only one kind of address. */
    public Address {
      if (target.isPresent() && !targets.isEmpty()) {
        throw new Mistake("targets", "'target' and 'targets' are mutually exclusive", "target");
      }
    }
  }

  /** The connections to the server. */
  public record Connection(
      Optional<Duration> connectTimeout,
      @Setting(max = 64) Optional<Integer> connections,
      Optional<Compression> compression,
      Optional<Duration> keepAlive,
      @Setting(max = Integer.MAX_VALUE, bytes = true) Optional<Integer> maxMessageSize) {}

  /** The compression of requests. */
  public enum Compression {
    /** The gzip format (RFC 1952). */
    GZIP
  }

  /** The llama.cpp worker in the server's process. */
  public record Worker(
      boolean embedded, Optional<Path> gguf, @Setting(max = 1 << 24) Optional<Integer> context) {}
}
