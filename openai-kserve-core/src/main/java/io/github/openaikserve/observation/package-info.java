/**
 * Listeners for the duration, the token usage and the outcome of calls.
 *
 * <p>They never receive a prompt, an answer or an API key. Start with {@link
 * io.github.openaikserve.observation.CallListener}.
 */
@NullMarked
package io.github.openaikserve.observation;

import org.jspecify.annotations.NullMarked;
