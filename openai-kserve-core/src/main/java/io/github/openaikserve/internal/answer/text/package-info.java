/**
 * The text of one choice: decoded from bytes that arrive in any pieces, cut at stop sequences and
 * limits, and counted in tokens.
 *
 * <p>Start with {@link io.github.openaikserve.internal.answer.text.ServerText}. Its parts are the
 * characters ({@link io.github.openaikserve.internal.answer.text.Utf8Decoder}), the stop sequences
 * ({@link io.github.openaikserve.internal.answer.text.StopSequences}) and the limits ({@link
 * io.github.openaikserve.internal.answer.text.TextBudget}).
 */
@NullMarked
package io.github.openaikserve.internal.answer.text;

import org.jspecify.annotations.NullMarked;
