package io.github.openaikserve.internal.http.response;

import io.github.openaikserve.openai.audio.Transcription;
import java.util.Locale;

/**
 * Formatting of transcriptions as subtitles.
 *
 * <p>Source: the W3C's <i>WebVTT: The Web Video Text Tracks Format</i>; SubRip uses the same times
 * with a comma, and numbers the cues.
 */
public final class Subtitles {
  private static final long MILLIS = 1000;
  private static final long SECONDS = 60;

  private Subtitles() {}

  /** Returns a transcription as SubRip. */
  public static String srt(Transcription transcription) {
    var srt = new StringBuilder();
    for (Transcription.Segment segment : transcription.segments()) {
      srt.append(segment.id() + 1).append('\n');
      append(srt, segment, ',');
    }
    return srt.toString();
  }

  /** Returns a transcription as WebVTT. */
  public static String vtt(Transcription transcription) {
    var vtt = new StringBuilder("WEBVTT\n\n");
    transcription.segments().forEach(segment -> append(vtt, segment, '.'));
    return vtt.toString();
  }

  /**
   * Appends the times and the text of a cue. Removes sequences from the text that separate cues.
   */
  private static void append(StringBuilder text, Transcription.Segment segment, char point) {
    text.append(time(segment.start(), point)).append(" --> ").append(time(segment.end(), point));
    String line = segment.text().strip().replaceAll("\\R+", "\n").replace("-->", "->");
    text.append('\n').append(line).append("\n\n");
  }

  private static String time(double seconds, char point) {
    long millis = Math.max(0, Math.round(seconds * MILLIS));
    long all = millis / MILLIS;
    return String.format(
        Locale.ROOT,
        "%02d:%02d:%02d%c%03d",
        all / SECONDS / SECONDS,
        all / SECONDS % SECONDS,
        all % SECONDS,
        point,
        millis % MILLIS);
  }
}
