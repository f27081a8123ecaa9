package io.github.openaikserve.internal.jinja;

/** The exception for a template that cannot be parsed or rendered. */
public class JinjaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final String problem;

  JinjaException(int line, String problem) {
    super("line " + line + ": " + problem);
    this.line = line;
    this.problem = problem;
  }

  /** Returns the line of the template, counted from 1. */
  public final int line() {
    return line;
  }

  /** Returns the problem, without the line. */
  public final String problem() {
    return problem;
  }
}
