/**
 * Prompts and tokens without a generation: a chat as its prompt, a text as tokens, and tokens as
 * text.
 */
@NullMarked
package io.github.openaikserve.internal.tokens;

import org.jspecify.annotations.NullMarked;
