package io.github.openaikserve.chat.format;

/** The meanings of markers in the text. */
enum Marker {
  /** A tool call follows. */
  CALL,
  /** Reasoning follows. */
  REASONING,
  /** Reasoning ends. */
  REASONING_END,
  /** The answer follows the reasoning. */
  CONTENT,
  /** The answer ends. */
  CONTENT_END,
  /** The header of a message follows. */
  HEADER,
  /** A message ends. */
  MESSAGE_END
}
