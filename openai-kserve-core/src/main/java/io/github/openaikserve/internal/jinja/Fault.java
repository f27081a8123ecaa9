package io.github.openaikserve.internal.jinja;

/** An invalid operation of a template. The renderer adds the line. */
final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean raisedByTemplate;

  Fault(String message) {
    this(message, false);
  }

  private Fault(String message, boolean raisedByTemplate) {
    super(message, null, false, false); // internal, so it needs no stack trace
    this.raisedByTemplate = raisedByTemplate;
  }

  static Fault raised(String message) {
    return new Fault(message, true);
  }

  JinjaException at(int line) {
    String message = String.valueOf(getMessage());
    return raisedByTemplate ? new JinjaRefusal(line, message) : new JinjaException(line, message);
  }
}
