package io.github.openaikserve.internal.jinja.value;

/** A syntax error, or an invalid operation during rendering. */
public final class TemplateError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The maximum length of a message. A template can make longer ones from any value. */
  private static final int LONGEST = 1_000;

  private final int line;
  private final boolean raisedByTemplate;

  /** Creates the error of an operation. Its line is the one that is being rendered. */
  public TemplateError(String message) {
    this(0, message, false);
  }

  /** Creates a syntax error. */
  public TemplateError(int line, String message) {
    this(line, message, false);
  }

  private TemplateError(int line, String message, boolean raisedByTemplate) {
    super(cut(message), null, false, false); // internal, so it needs no stack trace
    this.line = line;
    this.raisedByTemplate = raisedByTemplate;
  }

  private static String cut(String message) {
    return message.length() <= LONGEST ? message : Text.cut(message, LONGEST) + "...";
  }

  /** Creates the error for a call of {@code raise_exception}. */
  public static TemplateError raised(String message) {
    return new TemplateError(0, message, true);
  }

  /** Returns the line of a syntax error. */
  public int line() {
    return line;
  }

  public String message() {
    return String.valueOf(getMessage());
  }

  public boolean isRaisedByTemplate() {
    return raisedByTemplate;
  }
}
