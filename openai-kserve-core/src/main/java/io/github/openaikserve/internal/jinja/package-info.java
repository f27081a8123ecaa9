/**
 * A small interpreter of our own for the part of Jinja2 that models' chat templates are written in.
 *
 * <p>Here lives the language: its lexer, its parser, its values and what can be done with them. No
 * message, no model and no Java object that is not plain JSON ever does. Begin with {@link
 * io.github.openaikserve.internal.jinja.JinjaTemplate}.
 */
@NullMarked
package io.github.openaikserve.internal.jinja;

import org.jspecify.annotations.NullMarked;
