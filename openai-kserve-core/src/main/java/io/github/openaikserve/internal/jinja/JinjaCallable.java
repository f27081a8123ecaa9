package io.github.openaikserve.internal.jinja;

/** A value that can be called. */
interface JinjaCallable {
  Object call(RenderContext run, Args args);

  /** Returns approximately what Python prints. */
  String shown();
}
