/**
 * Regular expressions of JSON Schemas, matched in time that is bounded by their size and the
 * text's.
 *
 * <p>A schema is a client's: {@code java.util.regex} would let a pattern of twenty characters run
 * for hours. RE2/J has neither the lookahead that Pydantic writes for decimals nor the name of a
 * Java module, and runs out of memory when it compiles nested repetitions. Begin with {@link
 * io.github.openaikserve.internal.regex.LinearPattern}.
 *
 * <p>Lark grammars of custom tools are checked here too, with the same parts: {@link
 * io.github.openaikserve.internal.regex.LarkGrammar}.
 */
@NullMarked
package io.github.openaikserve.internal.regex;

import org.jspecify.annotations.NullMarked;
