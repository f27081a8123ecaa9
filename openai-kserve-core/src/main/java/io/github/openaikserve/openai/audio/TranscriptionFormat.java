package io.github.openaikserve.openai.audio;

import java.util.Locale;

/** The format of a transcription over HTTP. */
public enum TranscriptionFormat {
  /** An object with the text. */
  JSON,
  /** The text only. */
  TEXT,
  /** SubRip subtitles, which require segments. */
  SRT,
  /** An object with the text, its language and its segments. */
  VERBOSE_JSON,
  /** WebVTT subtitles, which require segments. */
  VTT;

  private final String value = name().toLowerCase(Locale.ROOT);

  /** Returns OpenAI's name of the format. */
  public String value() {
    return value;
  }

  /** Returns whether the format requires the times of segments. */
  public boolean needsSegments() {
    return this == SRT || this == VTT || this == VERBOSE_JSON;
  }
}
