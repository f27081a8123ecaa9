package io.github.openaikserve.server.options;

import java.nio.file.Path;

/**
 * The source of a value. Immutable.
 *
 * @param place such as {@code server.yaml:3:5}, {@code --port} or {@code OPENAI_KSERVE_PORT}
 * @param base the directory against which relative paths are resolved
 */
record Origin(Kind kind, String place, Path base) {
  /** The kinds of sources; later ones override earlier ones. */
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

  /** Returns an error; adds the key unless the place already names the option. */
  ConfigException wrong(String key, String message) {
    boolean named = key.isEmpty() || kind == Kind.FLAG || kind == Kind.ENVIRONMENT;
    return new ConfigException(
        place + ": " + (named ? "" : key + ": ") + message, kind == Kind.FLAG);
  }
}
