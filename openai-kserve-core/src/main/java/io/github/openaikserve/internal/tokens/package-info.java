/** Rendering of prompts, and conversion between texts and tokens, without a generation. */
@NullMarked
package io.github.openaikserve.internal.tokens;

import org.jspecify.annotations.NullMarked;
