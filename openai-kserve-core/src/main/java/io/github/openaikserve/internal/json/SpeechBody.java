package io.github.openaikserve.internal.json;

import io.github.openaikserve.openai.audio.CreateSpeechRequest;

/**
 * The body of a speech request.
 *
 * @param events whether the audio is sent as server-sent events
 */
public record SpeechBody(CreateSpeechRequest request, boolean events) {}
