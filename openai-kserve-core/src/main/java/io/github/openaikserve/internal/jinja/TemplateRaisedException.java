package io.github.openaikserve.internal.jinja;

/**
 * The exception for a call of {@code raise_exception}: the template is valid but rejects the
 * conversation. {@link #problem} is the template's message.
 */
public final class TemplateRaisedException extends JinjaException {
  private static final long serialVersionUID = 1L;

  TemplateRaisedException(int line, String message) {
    super(line, message);
  }
}
