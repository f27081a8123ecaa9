package io.github.openaikserve.internal.jinja.value;

/** Python's None. Java's null is never a value of a template; it means that a value is absent. */
public enum None {
  NONE
}
