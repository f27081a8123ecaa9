/**
 * What may be known about calls while they go on: how long, how much, how they ended.
 *
 * <p>Here lives the listener and what it is told; no prompt, no answer and no key ever does. Begin
 * with {@link io.github.openaikserve.observation.CallListener}.
 */
@NullMarked
package io.github.openaikserve.observation;

import org.jspecify.annotations.NullMarked;
