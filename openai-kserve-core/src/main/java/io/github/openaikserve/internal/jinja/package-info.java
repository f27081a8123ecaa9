/**
 * An interpreter for the part of Jinja2 that the chat templates of models use. Start with {@link
 * io.github.openaikserve.internal.jinja.JinjaTemplate}.
 *
 * <p>This package does not depend on messages or models, and the values of a template are plain
 * JSON. A template is parsed to a tree ({@code syntax}), which applies filters, tests, methods and
 * functions ({@code builtin}) to values ({@code value}).
 */
@NullMarked
package io.github.openaikserve.internal.jinja;

import org.jspecify.annotations.NullMarked;
