package io.github.openaikserve.server.options;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares an option: a component of a record. The key is the component's name in snake case. A
 * component that is a record without this annotation adds its options to the record around it.
 *
 * <p>The component's type says how the value is written: {@code int}, {@code long}, {@code
 * boolean}, {@code String}, {@code Duration}, {@code Path}, an enum, a record for a mapping, a
 * {@code List} or {@code Map} of these. An {@code Optional} may be left out; so may whatever has a
 * default.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /** Returns the sentence that says what the option sets. */
  String value();

  /** Returns the key, where it is not the component's name. */
  String key() default "";

  /** Returns the default as a user would write it; empty if there is none. */
  String initial() default "";

  /** Returns what applies while the option is not set and has no default, for readers. */
  String unset() default "";

  /**
   * Returns the flag that sets the option; empty for none. A flag that begins with {@code --no-}
   * sets it to false. A flag of a mapping takes {@code KEY=VALUE}.
   */
  String flag() default "";

  /** Returns what stands for the value in {@code --help}. */
  String label() default "";

  /** Returns the least number, size in bytes, or duration in milliseconds; 0 for empty texts. */
  long min() default 1;

  /** Returns the greatest number, size in bytes, or duration in milliseconds. */
  long max() default Long.MAX_VALUE;

  /** Returns whether the number is a size in bytes, such as {@code 64KiB}. */
  boolean bytes() default false;

  /** Returns the type of values that the component's type does not tell. */
  Class<?> type() default void.class;

  /** Returns whether a list must have an element. */
  boolean filled() default false;

  /** Returns whether a mapping may be turned on and off as a whole with true and false. */
  boolean switchable() default false;

  /** Returns whether values are never shown. */
  boolean secret() default false;

  /** Returns whether a change needs a restart of the server. */
  boolean restart() default false;
}
