package io.github.openaikserve.internal.json;

import io.github.openaikserve.openai.audio.CreateSpeechRequest;

/**
 * The body of a request to speak.
 *
 * @param events whether the audio is wanted as server-sent events
 */
public record SpeechBody(CreateSpeechRequest request, boolean events) {}
