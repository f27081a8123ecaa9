package io.github.openaikserve.server.config;

import io.github.openaikserve.server.options.EnumType;
import java.util.List;

/** The check of models against their servers' metadata at the start of the server. */
public enum CheckMode {
  /** No check. */
  OFF,
  /** Logs differences. */
  WARN,
  /** Fails the start if a model differs. */
  REQUIRE;

  static final class Word extends EnumType<CheckMode> {
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
