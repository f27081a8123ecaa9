package io.github.openaikserve.server.config;

import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A model server. Immutable. */
public record BackendConfig(
    @Setting("Name that models refer to.") String name,
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
      throw new Mistake(worker.gguf().isPresent() ? "gguf" : "context", "needs 'embedded: true'");
    }
  }

  /** Where the server is. */
  public record Address(
      @Setting(
              value =
                  "`host:port`, several of them separated by commas, `dns:///name:port` for all"
                      + " addresses of a name, or `anyserve://` for a [registry](DISCOVERY.md).",
              unset = "required, or `targets`",
              type = TargetType.class)
          Optional<String> target,
      @Setting(value = "Several targets instead of one.", type = TargetType.Addresses.class)
          List<String> targets,
      @Setting(
              value = "`host:port` for streams.",
              unset = "the target's",
              type = TargetType.Address.class)
          Optional<String> streamTarget,
      @Setting(
              value =
                  "Distance from the target's port to the port for streams; only where AnyServe's"
                      + " dispatcher may be down, or its distance is not 100.",
              unset = "found at AnyServe",
              max = ListenConfig.MAX_PORT)
          Optional<Integer> streamPortOffset,
      @Setting(value = "Full name of the gRPC service.", unset = "`inference.GRPCInferenceService`")
          Optional<String> service) {
    /** Checks that there is one way to the server. */
    public Address {
      if (target.isPresent() && !targets.isEmpty()) {
        throw new Mistake("targets", "'target' and 'targets' are mutually exclusive", "target");
      }
    }
  }

  /** How connections are made. */
  public record Connection(
      @Setting(value = "Time limit for connecting to an endpoint.", unset = "`2s`")
          Optional<Duration> connectTimeout,
      @Setting(
              value = "Connections to each endpoint.",
              unset = "one for every two cores, at most 4",
              max = 64)
          Optional<Integer> connections,
      @Setting(value = "Compression of requests: `gzip`.", unset = "none")
          Optional<Compression> compression,
      @Setting(
              value = "Silence of a connection after which an HTTP/2 ping probes it.",
              unset = "no pings")
          Optional<Duration> keepAlive,
      @Setting(
              value = "Largest response.",
              unset = "`64MiB`",
              max = Integer.MAX_VALUE,
              bytes = true)
          Optional<Integer> maxMessageSize) {}

  /** The compression of requests. */
  public enum Compression {
    /** RFC 1952. */
    GZIP
  }

  /** The llama.cpp worker in the server's process. */
  public record Worker(
      @Setting("Run llama.cpp in the server's process, instead of a target.") boolean embedded,
      @Setting(value = "Model of the embedded worker.", unset = "the one that it brings along")
          Optional<Path> gguf,
      @Setting(
              value =
                  "Tokens of prompt and answer together, for each of the embedded worker's four"
                      + " slots.",
              unset = "what the model was trained with, as far as the contexts fit into 4 GiB",
              max = 1 << 24)
          Optional<Integer> context) {}
}
