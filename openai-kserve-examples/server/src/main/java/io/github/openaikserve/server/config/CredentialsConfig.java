package io.github.openaikserve.server.config;

import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Encryption and credentials of calls to a model server. Immutable. */
public record CredentialsConfig(
    @Setting(
            value =
                "TLS to the server: `true` trusts the JDK's certificate authorities; or a mapping.",
            initial = "false",
            switchable = true)
        Optional<Trust> tls,
    @Setting("PEM file of the client certificate for mutual TLS.")
        Optional<Path> clientCertificates,
    @Setting("PEM file of the client certificate's private key (PKCS #8).")
        Optional<Path> clientKey,
    @Setting(value = "Name that the server's certificate must have.", unset = "the target's")
        Optional<String> authority,
    @Setting("File with a bearer token for the server; read again every minute.")
        Optional<Path> tokenFile,
    @Setting("Send the bearer token also without TLS.") boolean allowPlaintextCredentials,
    @Setting(value = "Headers of every call to the server.", secret = true)
        Map<String, String> metadata) {
  /** Checks that credentials are complete and encrypted, and that headers can be sent. */
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
    metadata.forEach(CredentialsConfig::checkHeader);
  }

  private static void checkHeader(String name, String value) {
    try {
      GrpcBackend.builder().metadata(name, value);
    } catch (IllegalArgumentException e) {
      throw new Mistake("metadata." + name, String.valueOf(e.getMessage()));
    }
  }

  /** The certificate authorities that are trusted. */
  public record Trust(
      @Setting(value = "PEM file of trusted certificate authorities.", unset = "the JDK's")
          Optional<Path> trustedCertificates) {}
}
