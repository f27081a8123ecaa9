package io.github.openaikserve.openai.audio;

import java.util.Locale;

/** The form in which HTTP answers with the text of an audio file. */
public enum TranscriptionFormat {
  /** An object with the text. */
  JSON,
  /** The text alone. */
  TEXT,
  /** SubRip subtitles, which need segments. */
  SRT,
  /** An object with the text, its language and its segments. */
  VERBOSE_JSON,
  /** WebVTT subtitles, which need segments. */
  VTT;

  private final String value = name().toLowerCase(Locale.ROOT);

  /** Returns OpenAI's name of the form. */
  public String value() {
    return value;
  }

  /** Returns whether the form shows when each part of the text is spoken. */
  public boolean needsSegments() {
    return this == SRT || this == VTT || this == VERBOSE_JSON;
  }
}
