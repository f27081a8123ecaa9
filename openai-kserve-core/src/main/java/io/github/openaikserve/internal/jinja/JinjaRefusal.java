package io.github.openaikserve.internal.jinja;

/**
 * The template called {@code raise_exception}: it is well, and the conversation is one it does not
 * take. {@link #problem} is the message the template gave.
 */
public final class JinjaRefusal extends JinjaException {
  private static final long serialVersionUID = 1L;

  JinjaRefusal(int line, String message) {
    super(line, message);
  }
}
