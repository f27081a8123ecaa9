/**
 * The objects of OpenAI's transcription, translation and speech APIs as immutable values. Start
 * with {@link io.github.openaikserve.openai.audio.CreateTranscriptionRequest} or {@link
 * io.github.openaikserve.openai.audio.CreateSpeechRequest}.
 *
 * <p>Source: OpenAI's schemas {@code CreateTranscriptionRequest}, {@code CreateTranslationRequest}
 * and {@code CreateSpeechRequest}.
 */
@NullMarked
package io.github.openaikserve.openai.audio;

import org.jspecify.annotations.NullMarked;
