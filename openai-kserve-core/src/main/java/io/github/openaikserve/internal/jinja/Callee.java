package io.github.openaikserve.internal.jinja;

/** A value that can be called. */
interface Callee {
  Object call(Rendering run, Args args);

  /** Returns approximately what Python prints. */
  String shown();
}
