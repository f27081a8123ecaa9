/**
 * The values of templates, with the behavior of Python.
 *
 * <ul>
 *   <li>Values are plain Java objects. {@code Values}, {@code Numbers} and {@code Text} read them.
 *   <li>{@code Arithmetic}, {@code Equality} and {@code Ordering} are the operators.
 *   <li>{@code PythonRepr}, {@code Json} and {@code PercentFormat} turn values into text.
 *   <li>Every operation that takes time or memory pays for it from a {@code StepLimit}.
 * </ul>
 */
@NullMarked
package io.github.openaikserve.internal.jinja.value;

import org.jspecify.annotations.NullMarked;
