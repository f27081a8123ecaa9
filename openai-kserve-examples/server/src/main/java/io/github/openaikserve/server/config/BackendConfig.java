package io.github.openaikserve.server.config;

import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model server. Immutable. */
public record BackendConfig(
    @Setting("Name by which models refer to this server.") String name,
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
      @Setting(
              value =
                  "Address: `host:port`, several of them separated by commas, `dns:///name:port`"
                      + " for all addresses of a name, or `anyserve://` for a"
                      + " [registry](DISCOVERY.md).",
              unset = "required, or `targets`",
              type = TargetType.class)
          Optional<String> target,
      @Setting(
              value = "List of `host:port` addresses, instead of `target`.",
              type = TargetType.Addresses.class)
          List<String> targets,
      @Setting(
              value = "Separate `host:port` address for streams.",
              unset = "the target's",
              type = TargetType.Address.class)
          Optional<String> streamTarget,
      @Setting(
              value =
                  "Offset from the target's port to the port for streams. Needed only if AnyServe's"
                      + " dispatcher may be down, or its offset is not 100.",
              unset = "100 for AnyServe, else none",
              max = ListenConfig.MAX_PORT - 1)
          Optional<Integer> streamPortOffset,
      @Setting(value = "Full name of the gRPC service.", unset = "`inference.GRPCInferenceService`")
          Optional<String> service) {
    /**
     * Checks that the server has only one kind of address, each address once, and a port for the
     * streams of each.
     */
    public Address {
      if (target.isPresent() && !targets.isEmpty()) {
        throw new Mistake("targets", "'target' and 'targets' are mutually exclusive", "target");
      }
      checkDifferent(targets, "targets[%d]");
      target.ifPresent(list -> checkDifferent(List.of(list.split(",")), "target"));
      if (streamPortOffset.isPresent()) {
        target.ifPresent(list -> checkStreamPort(list, streamPortOffset.get(), "target"));
        for (int i = 0; i < targets.size(); i++) {
          checkStreamPort(targets.get(i), streamPortOffset.get(), "targets[%d]".formatted(i));
        }
      }
    }

    private static void checkStreamPort(String target, int offset, String key) {
      int port = TargetType.highestPort(target);
      if (port + offset > ListenConfig.MAX_PORT) {
        throw new Mistake(
            "stream_port_offset",
            "the port for streams would be %d (%d + %d); the maximum is %d"
                .formatted(port + offset, port, offset, ListenConfig.MAX_PORT),
            key);
      }
    }

    private static void checkDifferent(List<String> addresses, String key) {
      Map<String, Integer> seen = new HashMap<>();
      for (int i = 0; i < addresses.size(); i++) {
        String address = addresses.get(i).strip();
        Integer other = seen.putIfAbsent(address, i);
        if (other != null) {
          throw new Mistake(
              key.formatted(i),
              "the address '%s' is already used".formatted(address),
              key.equals("target") ? "" : key.formatted(other));
        }
      }
    }
  }

  /** The connections to the server. */
  public record Connection(
      @Setting(
              value = "Connect timeout: time limit of establishing a TCP connection.",
              unset = "`2s`")
          Optional<Duration> connectTimeout,
      @Setting(
              value = "Number of connections to each endpoint.",
              unset = "one for every two cores, at most 4",
              max = 64)
          Optional<Integer> connections,
      @Setting(value = "Compression of requests to the server: `gzip`.", unset = "none")
          Optional<Compression> compression,
      @Setting(
              value = "Interval of HTTP/2 keepalive pings on a silent connection.",
              unset = "no pings")
          Optional<Duration> keepAlive,
      @Setting(
              value = "Maximum size of a response message.",
              unset = "`64MiB`",
              max = Integer.MAX_VALUE,
              bytes = true)
          Optional<Integer> maxMessageSize) {}

  /** The compression of requests. */
  public enum Compression {
    /** The gzip format (RFC 1952). */
    GZIP
  }

  /** The llama.cpp worker in the server's process. */
  public record Worker(
      @Setting("Run an embedded llama.cpp worker in the server's process, instead of a `target`.")
          boolean embedded,
      @Setting(
              value = "GGUF file of the embedded worker's model.",
              unset = "its built-in small model",
              type = GgufFile.class)
          Optional<Path> gguf,
      @Setting(
              value =
                  "Context size of the embedded worker: maximum number of tokens of prompt and"
                      + " answer together, for each of its four slots.",
              unset = "the model's training context, limited so that all slots fit into 4 GiB",
              max = 1 << 24)
          Optional<Integer> context) {}
}
