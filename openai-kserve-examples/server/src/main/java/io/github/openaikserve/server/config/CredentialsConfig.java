package io.github.openaikserve.server.config;

import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Encryption and credentials of calls to a model server. Immutable. */
public record CredentialsConfig(
    @Setting(switchable = true) Optional<Trust> tls,
    Optional<Path> clientCertificates,
    Optional<Path> clientKey,
    Optional<String> authority,
    Optional<Path> tokenFile,
    boolean allowPlaintextCredentials,
    @Setting(secret = true) Map<String, String> metadata) {
  /** Checks that credentials are complete and encrypted. */
  public CredentialsConfig {
    if (tokenFile.isPresent() && tls.isEmpty() && !allowPlaintextCredentials) {
      throw new Mistake("token_file", "requires 'tls', or 'allow_plaintext_credentials: true'");
    }
    if (clientCertificates.isPresent() != clientKey.isPresent()) {
      throw new Mistake(
          clientKey.isPresent() ? "client_key" : "client_certificates",
          "'client_certificates' and 'client_key' must be set together");
    }
    if (clientKey.isPresent() && tls.isEmpty()) {
      throw new Mistake("client_certificates", "requires 'tls'");
    }
  }

  /** The certificate authorities that are trusted. */
  public record Trust(Optional<Path> trustedCertificates) {}
}
