package io.github.openaikserve.server.options;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a component of a record as an option. The key is the component's name in snake case. A
 * component without this annotation must be a record, whose options are added to the enclosing
 * record.
 *
 * <p>The component's type determines the form of the value: {@code int}, {@code long}, {@code
 * boolean}, {@code String}, {@code Duration}, {@code Path}, an enum, a record for a mapping, or a
 * {@code List} or {@code Map} of these. An {@code Optional} may be left out, and so may an option
 * with a default.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /** Returns the sentence that describes what the option sets, for help and pages. */
  String value();

  /** Returns the key, if it differs from the component's name. */
  String key() default "";

  /** Returns the default as a user would write it; empty if there is none. */
  String initial() default "";

  /** Returns a description of what applies if the option is not set and has no default. */
  String unset() default "";

  /**
   * Returns the flag that sets the option; empty for none. A flag that begins with {@code --no-}
   * sets it to false. A flag of a mapping takes {@code KEY=VALUE}.
   */
  String flag() default "";

  /** Returns the sentence in {@code --help}, if the flag's differs from {@link #value}. */
  String help() default "";

  /** Returns the placeholder of the value in {@code --help}. */
  String label() default "";

  /**
   * Returns the minimum of a number, of a size in bytes, or of a duration in milliseconds. For a
   * text, 0 allows an empty one.
   */
  long min() default 1;

  /** Returns the maximum of a number, of a size in bytes, or of a duration in milliseconds. */
  long max() default Long.MAX_VALUE;

  /** Returns whether the number is a size in bytes, such as {@code 64KiB}. */
  boolean bytes() default false;

  /** Returns the {@link Type} of the values, if the component's type does not determine it. */
  Class<?> type() default void.class;

  /** Returns whether a list must have an element. */
  boolean filled() default false;

  /** Returns whether {@code true} and {@code false} may turn a mapping on and off as a whole. */
  boolean switchable() default false;

  /** Returns whether values are never shown. */
  boolean secret() default false;

  /** Returns whether a change requires a restart of the server. */
  boolean restart() default false;
}
