package io.github.openaikserve.dialect;

/** For which calls a model is asked on a stream. */
enum StreamUse {
  /** For those whose responses are wanted as they are generated. */
  WHEN_WANTED,
  /** For all: the model answers only so. */
  ALWAYS,
  /** For none: the model has only whole answers. */
  NEVER
}
