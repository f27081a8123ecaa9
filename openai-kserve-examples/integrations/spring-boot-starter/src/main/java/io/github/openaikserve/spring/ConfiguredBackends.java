package io.github.openaikserve.spring;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.grpc.GrpcBackendBuilder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The backends that models refer to: those of the properties, which this object owns, and the
 * application's beans. Immutable and thread-safe.
 */
final class ConfiguredBackends implements AutoCloseable {
  private final Map<String, InferenceBackend> owned = new LinkedHashMap<>();
  private final Map<String, InferenceBackend> all = new LinkedHashMap<>();

  ConfiguredBackends(
      Map<String, OpenAiKServeProperties.Backend> properties, Map<String, InferenceBackend> beans) {
    all.putAll(beans);
    try {
      properties.forEach(
          (name, settings) -> {
            InferenceBackend backend = connect(name, settings);
            owned.put(name, backend);
            if (all.put(name, backend) != null) {
              throw new IllegalStateException(
                  "openai-kserve.backends."
                      + name
                      + ": a bean with this name already exists; use another name");
            }
          });
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static InferenceBackend connect(String name, OpenAiKServeProperties.Backend settings) {
    try {
      GrpcBackendBuilder builder = GrpcBackend.builder().target(settings.target());
      apply(settings, builder);
      return builder.balanced().build();
    } catch (RuntimeException e) {
      throw new IllegalStateException("openai-kserve.backends." + name + ": " + e.getMessage(), e);
    }
  }

  private static void apply(OpenAiKServeProperties.Backend settings, GrpcBackendBuilder builder) {
    if (settings.service() != null) {
      builder.service(settings.service());
    }
    if (settings.streamPortOffset() != null) {
      builder.streamPortOffset(settings.streamPortOffset());
    }
    if (settings.connections() != null) {
      builder.connections(settings.connections());
    }
    if (settings.trustedCertificates() != null) {
      builder.tls(Path.of(settings.trustedCertificates()));
    } else if (settings.tls()) {
      builder.tls();
    }
    if (settings.authority() != null) {
      builder.authority(settings.authority());
    }
    if (settings.timeout() != null) {
      builder.timeout(settings.timeout());
    }
    if (settings.maxMessageSize() != null) {
      builder.maxMessageSize(Math.toIntExact(settings.maxMessageSize().toBytes()));
    }
    settings.metadata().forEach(builder::metadata);
  }

  /** Returns all backends by name. */
  Map<String, InferenceBackend> all() {
    return all;
  }

  /**
   * Returns a backend.
   *
   * @param name the name; null for the only backend
   * @param property the property with the name, for error messages
   */
  InferenceBackend get(@Nullable String name, String property) {
    if (name == null && all.size() == 1) {
      return all.values().iterator().next();
    }
    InferenceBackend backend = name == null ? null : all.get(name);
    if (backend == null) {
      throw new IllegalStateException(
          "%s: %s; expected one of openai-kserve.backends, or a bean: %s"
              .formatted(
                  property,
                  name == null ? "is required" : "no backend '" + name + "'",
                  new TreeSet<>(all.keySet())));
    }
    return backend;
  }

  @Override
  public void close() {
    owned.values().forEach(InferenceBackend::close);
  }
}
