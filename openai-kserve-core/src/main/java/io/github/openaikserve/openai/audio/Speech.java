package io.github.openaikserve.openai.audio;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Spoken audio. Immutable. Shares its bytes with the creator, which must not modify them.
 *
 * @param audio the encoded audio; read-only
 * @param droppedParams the request fields that had no effect
 */
public record Speech(ByteBuffer audio, SpeechFormat format, List<String> droppedParams) {
  /** Copies the list. */
  public Speech {
    audio = audio.slice().asReadOnlyBuffer();
    droppedParams = List.copyOf(droppedParams);
  }

  /** Returns a new read-only view of the audio. Copies nothing. */
  @Override
  public ByteBuffer audio() {
    return audio.duplicate();
  }
}
