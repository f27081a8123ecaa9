package io.github.openaikserve.server.config;

import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The database that stores responses. Immutable. */
public record ResponseDatabaseConfig(
    @Setting(
            value = "JDBC URL of the database, such as `jdbc:postgresql://db:5432/responses`.",
            restart = true)
        String url,
    @Setting(value = "User of the database.", unset = "that of the URL", restart = true)
        Optional<String> user,
    @Setting(
            value = "Password of the user; `${NAME}` is a variable of the environment.",
            secret = true,
            restart = true)
        Optional<String> password,
    @Setting(
            value = "File with the password, which is read for every new connection.",
            restart = true)
        Optional<Path> passwordFile,
    @Setting(
            value = "Jar with the JDBC driver, which the server does not contain.",
            unset = "the class path has it",
            restart = true)
        Optional<Path> driver,
    @Setting(
            value = "How long a response is stored after its last write.",
            initial = "720h",
            restart = true)
        Duration timeToLive) {
  /** Checks that there is one password at most. */
  public ResponseDatabaseConfig {
    if (!url.startsWith("jdbc:")) {
      throw new Mistake("url", "expected a JDBC URL, which begins with 'jdbc:'");
    }
    if (password.isPresent() && passwordFile.isPresent()) {
      throw new Mistake("password", "'password' and 'password_file' exclude each other");
    }
  }
}
