/**
 * An interpreter for the part of Jinja2 that the chat templates of models use.
 *
 * <p>Contains the lexer, the parser, the values and their operations. This package does not depend
 * on messages or models, and its values are plain JSON. Start with {@link
 * io.github.openaikserve.internal.jinja.JinjaTemplate}.
 */
@NullMarked
package io.github.openaikserve.internal.jinja;

import org.jspecify.annotations.NullMarked;
