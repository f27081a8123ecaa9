/**
 * The generation of answers: calls, the decoding of their responses, deadlines and telemetry.
 *
 * <p>This package does not depend on HTTP or on the JSON of answers. Start with {@link
 * io.github.openaikserve.internal.answer.Engine}, which prepares an answer, and {@link
 * io.github.openaikserve.internal.answer.AnswerSink}, which receives it.
 */
@NullMarked
package io.github.openaikserve.internal.answer;

import org.jspecify.annotations.NullMarked;
