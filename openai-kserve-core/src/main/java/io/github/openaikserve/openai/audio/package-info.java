/**
 * The objects of OpenAI's transcription, translation and speech APIs.
 *
 * <p>Source: OpenAI's schemas {@code CreateTranscriptionRequest}, {@code CreateTranslationRequest}
 * and {@code CreateSpeechRequest}.
 */
@NullMarked
package io.github.openaikserve.openai.audio;

import org.jspecify.annotations.NullMarked;
