package io.github.openaikserve.chat;

/**
 * Text up to a marker, given on while it comes. A line's end before the marker belongs to it. Not
 * thread-safe; one per text.
 */
final class UntilMarker {
  private final String marker;
  private final StringBuilder tail = new StringBuilder();

  UntilMarker(String marker) {
    this.marker = marker;
  }

  /**
   * Takes a character and appends what can be no part of the marker; whether the marker is whole.
   */
  boolean next(char c, StringBuilder text) {
    tail.append(c);
    int start = tail.length() - marker.length();
    if (start >= 0 && tail.indexOf(marker, start) >= 0) {
      int end = start > 0 && tail.charAt(start - 1) == '\n' ? start - 1 : start;
      text.append(tail, 0, end);
      tail.setLength(0);
      return true;
    }
    if (tail.length() > marker.length()) {
      text.append(tail.charAt(0));
      tail.deleteCharAt(0);
    }
    return false;
  }
}
