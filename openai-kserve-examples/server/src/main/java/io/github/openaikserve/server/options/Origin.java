package io.github.openaikserve.server.options;

import java.nio.file.Path;

/**
 * The place that a value comes from. Immutable.
 *
 * @param place such as {@code server.yaml:3:5}, {@code --port} or {@code OPENAI_KSERVE_PORT}
 * @param base the directory that relative paths start from
 */
record Origin(Kind kind, String place, Path base) {
  /** The kinds of places, the last of which wins. */
  enum Kind {
    DEFAULT,
    FILE,
    ENVIRONMENT,
    FLAG
  }

  static final Origin DEFAULT = new Origin(Kind.DEFAULT, "default", Path.of(""));

  static Origin flag(String flag) {
    return new Origin(Kind.FLAG, flag, Path.of(""));
  }

  static Origin variable(String name) {
    return new Origin(Kind.ENVIRONMENT, name, Path.of(""));
  }

  /** Returns an error; the key is named where the place does not say it. */
  ConfigException wrong(String key, String message) {
    boolean named = key.isEmpty() || kind == Kind.FLAG || kind == Kind.ENVIRONMENT;
    return new ConfigException(
        place + ": " + (named ? "" : key + ": ") + message, kind == Kind.FLAG);
  }
}
