package io.github.openaikserve.internal.jinja;

/** An invalid operation of a template. The renderer adds the line. */
final class TemplateError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean raisedByTemplate;

  TemplateError(String message) {
    this(message, false);
  }

  private TemplateError(String message, boolean raisedByTemplate) {
    super(message, null, false, false); // internal, so it needs no stack trace
    this.raisedByTemplate = raisedByTemplate;
  }

  static TemplateError raised(String message) {
    return new TemplateError(message, true);
  }

  JinjaException at(int line) {
    String message = String.valueOf(getMessage());
    return raisedByTemplate
        ? new TemplateRaisedException(line, message)
        : new JinjaException(line, message);
  }
}
