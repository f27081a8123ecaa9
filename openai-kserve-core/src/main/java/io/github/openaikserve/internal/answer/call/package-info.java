/**
 * What all kinds of answers share: the calls of one request, and what is known of the answer before
 * them.
 *
 * <p>{@link io.github.openaikserve.internal.answer.call.CallScope} owns the calls, {@link
 * io.github.openaikserve.internal.answer.call.CallDeadline} their time limits, and {@link
 * io.github.openaikserve.internal.answer.call.CallTelemetry} the notifications of listeners. {@link
 * io.github.openaikserve.internal.answer.call.AnswerMetadata} is the data of the answer.
 */
@NullMarked
package io.github.openaikserve.internal.answer.call;

import org.jspecify.annotations.NullMarked;
