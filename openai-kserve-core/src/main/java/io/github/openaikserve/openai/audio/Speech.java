package io.github.openaikserve.openai.audio;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Spoken audio. Immutable: its bytes are shared with their creator, which must not change them.
 *
 * @param audio the encoded audio; read-only
 * @param droppedParams request fields that had no effect
 */
public record Speech(ByteBuffer audio, SpeechFormat format, List<String> droppedParams) {
  /** Copies the list. */
  public Speech {
    audio = audio.slice().asReadOnlyBuffer();
    droppedParams = List.copyOf(droppedParams);
  }

  /** Returns the audio: a new read-only view, without a copy. */
  @Override
  public ByteBuffer audio() {
    return audio.duplicate();
  }
}
