package io.github.openaikserve.chat.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What follows a call: end markers, which are left out, until something else begins. */
final class AfterCalls {
  private final List<String> closings;
  private final List<List<String>> openings;
  private final StringBuilder pending = new StringBuilder();
  private boolean open;

  AfterCalls(@Nullable ToolCallFormat format) {
    closings = format == null ? List.of() : format.closings;
    openings = format == null ? List.of() : format.openings;
  }

  /** A call has ended. */
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
   * @return what has to be read again, as text or as the next end marker; empty for nothing
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

  /** Emits what is held, unless it is the beginning of an end marker. */
  void end(TextOutput output) {
    if (!isClosing(pending.toString(), false)) {
      output.add(pending.toString());
    }
  }

  /** Returns whether a text is the beginning of a longer marker that opens calls. */
  private boolean isOpening(String text) {
    for (List<String> opening : openings) {
      String marker = opening.get(0);
      if (marker.length() > text.length() && marker.startsWith(text)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether a text is an end marker, or the beginning of one. */
  private boolean isClosing(String text, boolean whole) {
    for (String closing : closings) {
      if (whole ? closing.equals(text) : closing.startsWith(text)) {
        return true;
      }
    }
    return false;
  }
}
