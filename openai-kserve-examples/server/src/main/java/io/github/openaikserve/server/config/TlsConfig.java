package io.github.openaikserve.server.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a connection to a model server is encrypted. Immutable.
 *
 * @param trustedCertificates a PEM file; empty for the authorities that the JDK trusts
 */
public record TlsConfig(Optional<Path> trustedCertificates) {
  /** True, false, or a mapping. */
  static Optional<TlsConfig> read(Value value) {
    if (value.isText()) {
      return value.flag() ? Optional.of(new TlsConfig(Optional.empty())) : Optional.empty();
    }
    return Optional.of(
        value.section(
            section -> new TlsConfig(section.find("trusted_certificates").map(Value::file))));
  }
}
