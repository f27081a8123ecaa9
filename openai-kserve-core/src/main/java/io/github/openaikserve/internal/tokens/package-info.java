/**
 * Rendering of prompts, and conversion between texts and tokens, without a generation. Sends
 * nothing. Start with {@link io.github.openaikserve.internal.tokens.TokenService}.
 */
@NullMarked
package io.github.openaikserve.internal.tokens;

import org.jspecify.annotations.NullMarked;
