/**
 * Observation of calls: how long they take, how many tokens they use, how they end.
 *
 * <p>Never reports a prompt, an answer or a key. Begin with {@link
 * io.github.openaikserve.observation.CallListener}.
 */
@NullMarked
package io.github.openaikserve.observation;

import org.jspecify.annotations.NullMarked;
