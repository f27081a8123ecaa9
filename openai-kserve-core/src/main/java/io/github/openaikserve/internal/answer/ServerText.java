package io.github.openaikserve.internal.answer;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Generation;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A decoder of the new text in a server's responses. Not thread-safe. */
final class ServerText {
  private final Utf8Decoder characters = new Utf8Decoder();
  private final @Nullable CumulativeText cumulative;
  private final PromptEcho echo;

  ServerText(Dialect dialect, Generation generation) {
    cumulative = dialect.cumulativeText() ? new CumulativeText() : null;
    echo = new PromptEcho(dialect.promptInOutput() ? generation.prompt() : "");
  }

  /** Returns whether the bytes of complete characters need no processing. */
  boolean isUntouched() {
    return cumulative == null && echo.isOver() && characters.isEmpty();
  }

  /** Adds the bytes of a response and returns the text that is certain. */
  String next(ByteBuffer bytes) {
    return echo.next(characters.next(cumulative == null ? bytes : cumulative.next(bytes)));
  }

  /** Returns the text that was held back, at the end of the responses. */
  String end() {
    String held = cumulative == null ? "" : echo.next(characters.next(cumulative.end()));
    return held + echo.next(characters.end()) + echo.end();
  }
}
