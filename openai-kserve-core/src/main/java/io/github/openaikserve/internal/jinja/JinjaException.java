package io.github.openaikserve.internal.jinja;

/** A template that cannot be read, or that could not be rendered with the values it was given. */
public class JinjaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final String problem;

  JinjaException(int line, String problem) {
    super("line " + line + ": " + problem);
    this.line = line;
    this.problem = problem;
  }

  /** The line of the template, counted from 1. */
  public final int line() {
    return line;
  }

  /** What went wrong, without the line. */
  public final String problem() {
    return problem;
  }
}
