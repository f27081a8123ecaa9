/**
 * The generation of answers, and the decoding of generated text.
 *
 * <p>{@link io.github.openaikserve.internal.answer.Engine} prepares an answer. Generated text is a
 * {@link io.github.openaikserve.internal.answer.GeneratedAnswer}: its responses go through a {@link
 * io.github.openaikserve.internal.answer.GenerationDecoder} to an {@link
 * io.github.openaikserve.internal.answer.AnswerSink}. APIs that are answered as chats have separate
 * packages, which implement {@link io.github.openaikserve.internal.answer.ChatForm}. This package
 * does not depend on HTTP or on the JSON of answers.
 */
@NullMarked
package io.github.openaikserve.internal.answer;

import org.jspecify.annotations.NullMarked;
