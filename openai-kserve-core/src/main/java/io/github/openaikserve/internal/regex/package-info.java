/**
 * Regular expressions of JSON Schemas, matched in time that is bounded by their size and the
 * text's.
 *
 * <p>A schema is a client's: {@code java.util.regex} would let a pattern of twenty characters run
 * for hours. Begin with {@link io.github.openaikserve.internal.regex.LinearPattern}.
 */
@NullMarked
package io.github.openaikserve.internal.regex;

import org.jspecify.annotations.NullMarked;
