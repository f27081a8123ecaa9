package io.github.openaikserve.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A model server. Immutable. */
public sealed interface BackendConfig {
  /** What models call it by. */
  String name();

  /**
   * llama.cpp within this process.
   *
   * @param gguf the model; empty for the small one that comes with the server
   * @param context tokens of prompt and answer together; empty for the model's own
   */
  record Embedded(String name, Optional<Path> gguf, Optional<Integer> context)
      implements BackendConfig {
    /** More than any model has been trained with. */
    static final int MAX_CONTEXT = 1 << 24;
  }

  /**
   * One that is reached over gRPC.
   *
   * @param target {@code host:port}, or any target that gRPC can resolve
   * @param streamTarget where streams go; empty for the target
   * @param streamPortOffset how far from the target's port streams are answered; 0 if unknown
   * @param service the full name of the gRPC service; empty for the protocol's
   * @param metadata headers of every call
   * @param timeout of calls that bring none; empty for none
   * @param keepAlive how long a connection may be silent before it is probed; empty for never
   * @param maxMessageSize the largest response, in bytes; empty for the transport's default
   * @param reach how it is reached
   */
  record Remote(
      String name,
      String target,
      Optional<String> streamTarget,
      int streamPortOffset,
      Optional<String> service,
      Optional<TlsConfig> tls,
      Map<String, String> metadata,
      Optional<Duration> timeout,
      Optional<Duration> keepAlive,
      Optional<Integer> maxMessageSize,
      Reach reach)
      implements BackendConfig {
    /** Copies the map. */
    public Remote {
      metadata = Map.copyOf(metadata);
    }

    /** Reached in the usual way. */
    public Remote(
        String name,
        String target,
        Optional<String> streamTarget,
        int streamPortOffset,
        Optional<String> service,
        Optional<TlsConfig> tls,
        Map<String, String> metadata,
        Optional<Duration> timeout,
        Optional<Duration> keepAlive,
        Optional<Integer> maxMessageSize) {
      this(
          name,
          target,
          streamTarget,
          streamPortOffset,
          service,
          tls,
          metadata,
          timeout,
          keepAlive,
          maxMessageSize,
          Reach.DEFAULT);
    }

    /** One of which nothing but the address is said. */
    public static Remote of(String name, String target) {
      return new Remote(
          name,
          target,
          Optional.empty(),
          0,
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    /** The same with streams elsewhere. */
    public Remote withStreams(Optional<String> otherTarget, int portOffset) {
      return new Remote(
          name,
          target,
          otherTarget,
          portOffset,
          service,
          tls,
          metadata,
          timeout,
          keepAlive,
          maxMessageSize,
          reach);
    }

    /** The same, reached in another way. */
    public Remote withReach(Reach other) {
      return new Remote(
          name,
          target,
          streamTarget,
          streamPortOffset,
          service,
          tls,
          metadata,
          timeout,
          keepAlive,
          maxMessageSize,
          other);
    }
  }

  /** Reads one. */
  static BackendConfig read(Section section) {
    String name = section.require("name").text();
    if (section.find("embedded").map(Value::flag).orElse(false)) {
      return new Embedded(
          name,
          section.find("gguf").map(Value::file),
          section.find("context").map(tokens -> tokens.integer(1, Embedded.MAX_CONTEXT)));
    }
    Reach reach = Reach.read(section);
    return new Remote(
        name,
        reach.targets().isEmpty()
            ? section.require("target").text()
            : String.join(",", reach.targets()),
        section.find("stream_target").map(Value::text),
        section
            .find("stream_port_offset")
            .map(offset -> offset.integer(1, ListenConfig.MAX_PORT))
            .orElse(0),
        section.find("service").map(Value::text),
        section.find("tls").flatMap(TlsConfig::read),
        section.find("metadata").map(value -> value.section(BackendConfig::texts)).orElse(Map.of()),
        section.find("timeout").map(Value::positiveDuration),
        section.find("keep_alive").map(Value::positiveDuration),
        section.find("max_message_size").map(size -> (int) size.size(1, Integer.MAX_VALUE)),
        reach);
  }

  private static Map<String, String> texts(Section section) {
    Map<String, String> texts = new LinkedHashMap<>();
    section.entries().forEach((key, value) -> texts.put(key, value.text()));
    return texts;
  }
}
