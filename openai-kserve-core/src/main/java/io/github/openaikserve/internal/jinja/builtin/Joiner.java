package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.TemplateError;

/** The result of {@code joiner}: empty on the first call, then the separator. Not thread-safe. */
final class Joiner implements JinjaCallable {
  private final String separator;
  private boolean used;

  Joiner(String separator) {
    this.separator = separator;
  }

  @Override
  public Object call(Args args) {
    if (!args.isEmpty()) {
      throw new TemplateError("a joiner takes no arguments");
    }
    String text = used ? separator : "";
    used = true;
    return text;
  }

  @Override
  public String shown() {
    return "<Joiner>";
  }
}
