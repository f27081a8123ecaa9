/**
 * Search in text that arrives in pieces. Start with {@link
 * io.github.openaikserve.internal.text.TextAutomaton}.
 */
@NullMarked
package io.github.openaikserve.internal.text;

import org.jspecify.annotations.NullMarked;
