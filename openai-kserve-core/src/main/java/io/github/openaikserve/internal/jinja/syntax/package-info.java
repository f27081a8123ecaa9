/**
 * The lexer, the parser and the syntax tree of templates.
 *
 * <ul>
 *   <li>{@code Lexer} splits a template into {@code Tokens}.
 *   <li>{@code Parser} converts them to a tree of {@code Node} (statements) and {@code Expr}
 *       (expressions).
 *   <li>A {@code Scope} assigns each variable a slot while a template is parsed. A {@code Frame}
 *       has the values of the slots while it is rendered.
 * </ul>
 */
@NullMarked
package io.github.openaikserve.internal.jinja.syntax;

import org.jspecify.annotations.NullMarked;
