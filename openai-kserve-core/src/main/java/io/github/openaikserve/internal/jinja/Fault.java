package io.github.openaikserve.internal.jinja;

/** Something a template may not do with its values; whoever renders knows the line. */
final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean raisedByTemplate;

  Fault(String message) {
    this(message, false);
  }

  private Fault(String message, boolean raisedByTemplate) {
    super(message, null, false, false); // never seen outside, so no stack trace
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
