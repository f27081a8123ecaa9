package io.github.openaikserve;

import io.github.openaikserve.chat.format.ToolCallFormat;

/** An application's own format of calls: {@code [name|arguments]}. */
final class BracketCalls {
  static final ToolCallFormat FORMAT = ToolCallFormat.named("brackets", "[", "|", "]").format();

  private BracketCalls() {}
}
