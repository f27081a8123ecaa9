package io.github.openaikserve.internal.answer;

import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.dialect.Transcript;
import io.github.openaikserve.internal.model.Route;
import org.jspecify.annotations.Nullable;

/** The text of a transcript that arrives in pieces, cut anywhere. Not thread-safe. */
final class TranscriptText {
  private final @Nullable CumulativeText cumulative;
  private final Utf8Decoder characters = new Utf8Decoder();

  TranscriptText(Route route) {
    cumulative =
        route.requireDialect(RequestKind.TRANSCRIPTION).cumulativeText()
            ? new CumulativeText()
            : null;
  }

  /** Returns the text that a piece adds. */
  String next(Transcript piece) {
    return characters.next(cumulative == null ? piece.text() : cumulative.next(piece.text()));
  }

  /** Returns what was held back. */
  String end() {
    return cumulative == null
        ? characters.end()
        : characters.next(cumulative.end()) + characters.end();
  }
}
