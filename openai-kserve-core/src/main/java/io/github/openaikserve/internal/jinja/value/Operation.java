package io.github.openaikserve.internal.jinja.value;

/** The operation of an operator on two values. */
@FunctionalInterface
public interface Operation {
  Object apply(Object left, Object right, StepLimit budget);
}
