package io.github.openaikserve.chat.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A filter for the text after a tool call. It removes end markers until other text begins. */
final class AfterCalls {
  private final List<String> closings;
  private final List<List<String>> openings;
  private final StringBuilder pending = new StringBuilder();
  private boolean open;

  AfterCalls(@Nullable ToolCallFormat format) {
    closings = format == null ? List.of() : format.closings;
    openings = format == null ? List.of() : format.openings;
  }

  /** Starts the filter after a tool call. */
  void begin() {
    pending.setLength(0);
    open = true;
  }

  /** Returns whether end markers may still follow. */
  boolean isOpen() {
    return open;
  }

  /**
   * Reads the next character.
   *
   * @return the characters to read again, as text or as the next end marker; empty for none
   */
  String next(char c, TextOutput output) {
    if (pending.isEmpty() && Character.isWhitespace(c)) {
      output.add(c);
      return "";
    }
    String ended = pending.toString();
    String text = ended + c;
    if (isClosing(text, true) && !isOpening(text)) {
      pending.setLength(0);
      output.dropSpace();
      return "";
    }
    if (isClosing(text, false) || isOpening(text)) {
      pending.append(c);
      return "";
    }
    pending.setLength(0);
    if (isClosing(ended, true)) {
      output.dropSpace();
      return String.valueOf(c);
    }
    open = false;
    return text;
  }

  /** Emits the pending characters, unless they are the beginning of an end marker. */
  void end(TextOutput output) {
    if (!isClosing(pending.toString(), false)) {
      output.add(pending.toString());
    }
  }

  /** Returns whether a text is a proper prefix of a marker that begins a tool call. */
  private boolean isOpening(String text) {
    for (List<String> opening : openings) {
      String marker = opening.get(0);
      if (marker.length() > text.length() && marker.startsWith(text)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether a text is an end marker or, unless {@code whole}, a prefix of one. */
  private boolean isClosing(String text, boolean whole) {
    for (String closing : closings) {
      if (whole ? closing.equals(text) : closing.startsWith(text)) {
        return true;
      }
    }
    return false;
  }
}
