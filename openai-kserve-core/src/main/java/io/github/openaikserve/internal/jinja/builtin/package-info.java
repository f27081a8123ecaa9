/**
 * The filters, tests, methods and functions of the language.
 *
 * <ul>
 *   <li>A {@code Builtin} is one of them: a name, a {@code Signature} and a body. It receives its
 *       {@code Args}.
 *   <li>Each table of {@code Builtins} has one kind: {@code Filters}, {@code Tests}, the methods of
 *       one type of value.
 *   <li>{@code Attributes} and {@code Subscripts} find the members of a value.
 *   <li>A {@code RenderContext} is the state of one rendering.
 * </ul>
 */
@NullMarked
package io.github.openaikserve.internal.jinja.builtin;

import org.jspecify.annotations.NullMarked;
