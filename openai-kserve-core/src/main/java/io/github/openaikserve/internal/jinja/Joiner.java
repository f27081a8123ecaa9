package io.github.openaikserve.internal.jinja;

/** What {@code joiner} makes: nothing when it is called first, and then a separator. */
final class Joiner implements JinjaCallable {
  private final String separator;
  private boolean used;

  Joiner(String separator) {
    this.separator = separator;
  }

  @Override
  public Object call(RenderContext run, Args args) {
    if (args.size() > 0 || !args.named().isEmpty()) {
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
