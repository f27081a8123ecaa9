package io.github.openaikserve.server.config;

import java.util.List;

/** What is done at the start about models that are not as their servers declare them. */
public enum CheckMode {
  /** Nothing: servers are asked nothing. */
  OFF,
  /** They are logged. */
  WARN,
  /** The server does not start. */
  REQUIRE;

  static CheckMode read(Value value) {
    return value.oneOf(
        List.of("true", "false", "warn"),
        word ->
            switch (word) {
              case "true" -> REQUIRE;
              case "warn" -> WARN;
              default -> OFF;
            });
  }
}
