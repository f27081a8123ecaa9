/**
 * The generation of answers: calls, the decoding of their responses, deadlines and telemetry.
 *
 * <p>Generated text is a {@link io.github.openaikserve.internal.answer.GeneratedAnswer}, an answer
 * made of tensors a {@link io.github.openaikserve.internal.answer.BatchAnswer}. APIs that are
 * answered as chats have separate packages, which implement {@link
 * io.github.openaikserve.internal.answer.ChatForm}. This package does not depend on HTTP or on the
 * JSON of answers. Start with {@link io.github.openaikserve.internal.answer.Engine}, which prepares
 * an answer, and {@link io.github.openaikserve.internal.answer.AnswerSink}, which receives it.
 */
@NullMarked
package io.github.openaikserve.internal.answer;

import org.jspecify.annotations.NullMarked;
