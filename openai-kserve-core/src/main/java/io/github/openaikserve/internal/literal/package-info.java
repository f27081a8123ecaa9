/**
 * Values that models write without JSON's quotes, converted to JSON: Python's literals, nested
 * tags, and texts whose type a schema decides. Start with {@link
 * io.github.openaikserve.internal.literal.ParameterTypes}.
 */
@NullMarked
package io.github.openaikserve.internal.literal;

import org.jspecify.annotations.NullMarked;
