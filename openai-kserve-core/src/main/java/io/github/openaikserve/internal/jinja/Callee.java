package io.github.openaikserve.internal.jinja;

/** A value that can be called. */
interface Callee {
  Object call(Rendering run, Args args);

  /** As Python prints it, more or less. */
  String shown();
}
