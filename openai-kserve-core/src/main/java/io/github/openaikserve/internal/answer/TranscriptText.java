package io.github.openaikserve.internal.answer;

import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.dialect.Transcript;
import io.github.openaikserve.internal.model.Route;
import org.jspecify.annotations.Nullable;

/** A decoder of a transcript's text that arrives in pieces of any size. Not thread-safe. */
final class TranscriptText {
  private final @Nullable CumulativeText cumulative;
  private final Utf8Decoder characters = new Utf8Decoder();

  TranscriptText(Route route) {
    cumulative =
        route.requireDialect(RequestKind.TRANSCRIPTION).cumulativeText()
            ? new CumulativeText()
            : null;
  }

  /** Adds a piece and returns its text. */
  String next(Transcript piece) {
    return characters.next(cumulative == null ? piece.text() : cumulative.next(piece.text()));
  }

  /** Returns the text that was held back. */
  String end() {
    return cumulative == null
        ? characters.end()
        : characters.next(cumulative.end()) + characters.end();
  }
}
