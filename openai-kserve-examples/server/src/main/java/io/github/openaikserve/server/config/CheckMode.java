package io.github.openaikserve.server.config;

import io.github.openaikserve.server.options.Words;
import java.util.List;

/** What the server does at its start about models that differ from their servers' metadata. */
public enum CheckMode {
  /** Nothing is checked. */
  OFF,
  /** Differences are logged. */
  WARN,
  /** The server does not start. */
  REQUIRE;

  static final class Word extends Words<CheckMode> {
    Word() {
      super(
          () -> List.of("true", "false", "warn"),
          word ->
              switch (word) {
                case "true" -> REQUIRE;
                case "warn" -> WARN;
                default -> OFF;
              });
    }
  }
}
