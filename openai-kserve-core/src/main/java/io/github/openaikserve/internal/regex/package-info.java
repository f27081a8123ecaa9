/**
 * Regular expressions of JSON Schemas, matched in time bounded by the sizes of pattern and text.
 *
 * <p>Clients supply the schemas, and {@code java.util.regex} would let a pattern of twenty
 * characters run for hours. RE2/J lacks the lookahead that Pydantic generates for decimals and a
 * Java module name, and runs out of memory on nested repetitions. Start with {@link
 * io.github.openaikserve.internal.regex.LinearPattern}.
 *
 * <p>Lark grammars of custom tools are checked here too, with the same parts: {@link
 * io.github.openaikserve.internal.regex.LarkGrammar}.
 */
@NullMarked
package io.github.openaikserve.internal.regex;

import org.jspecify.annotations.NullMarked;
