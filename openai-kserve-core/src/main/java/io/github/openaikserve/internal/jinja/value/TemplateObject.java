package io.github.openaikserve.internal.jinja.value;

/** An object of the language itself, such as a loop, a macro or a function. */
public interface TemplateObject {
  /** Returns an attribute; undefined if there is none. */
  default Object attribute(String name) {
    return Undefined.attribute(this, name);
  }

  /** Returns the name of the type, for messages. */
  default String typeName() {
    return getClass().getSimpleName();
  }

  /** Returns approximately what Python prints. */
  default String shown() {
    return "<" + typeName() + ">";
  }

  /** Returns the number of elements; -1 if the object has no length. */
  default int length() {
    return -1;
  }
}
