package io.github.openaikserve.internal.jinja;

/** Python's None. Null never is a value of a template: it stands for a value that is not there. */
enum None {
  NONE
}
