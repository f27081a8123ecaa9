package io.github.openaikserve.server.command;

import io.github.openaikserve.server.key.ApiKeyDigest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The option {@code --hash-api-key}: prints the line of a key for the API key file. */
final class HashKey {
  private HashKey() {}

  /** Reads the key from the standard input, because other users can see a command line. */
  static int run(CommandLine command) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String key = in.readLine();
    if (key == null || key.isBlank()) {
      throw new ParameterException(
          command, "--hash-api-key reads an API key from the standard input, which is empty");
    }
    command.getOut().println(ApiKeyDigest.of(key.strip()));
    command.getOut().flush();
    return 0;
  }
}
