package io.github.openaikserve.server.config;

import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Encryption and credentials of calls to a model server. Immutable. */
public record CredentialsConfig(
    @Setting(
            value = "TLS: true for the JDK's authorities, or a mapping.",
            initial = "false",
            switchable = true)
        Optional<Trust> tls,
    @Setting("PEM file of the certificate to show to the server.")
        Optional<Path> clientCertificates,
    @Setting("PEM file of the certificate's key.") Optional<Path> clientKey,
    @Setting(value = "Name that the server's certificate must have.", unset = "the target's")
        Optional<String> authority,
    @Setting("File with a bearer token; read again every minute.") Optional<Path> tokenFile,
    @Setting("Send the token without TLS too.") boolean credentialsInPlaintext,
    @Setting(value = "Headers of every call.", secret = true) Map<String, String> metadata) {
  /** Checks that credentials are complete and encrypted. */
  public CredentialsConfig {
    if (tokenFile.isPresent() && tls.isEmpty() && !credentialsInPlaintext) {
      throw new Mistake("token_file", "needs 'tls', or 'credentials_in_plaintext: true'");
    }
    if (clientCertificates.isPresent() != clientKey.isPresent()) {
      throw new Mistake(
          clientKey.isPresent() ? "client_key" : "client_certificates",
          "'client_certificates' and 'client_key' need each other");
    }
    if (clientKey.isPresent() && tls.isEmpty()) {
      throw new Mistake("client_certificates", "needs 'tls'");
    }
  }

  /** The authorities that vouch for a server. */
  public record Trust(
      @Setting(value = "PEM file of trusted authorities.", unset = "the JDK's")
          Optional<Path> trustedCertificates) {}
}
