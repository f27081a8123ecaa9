package io.github.openaikserve.chat;

/**
 * Text that a parser has taken but not yet given on, because a marker may begin in it. Not
 * thread-safe; one per answer.
 *
 * <p>Taking from the front costs no copying of the rest, so that reading a text in any pieces is
 * linear in its length.
 */
final class PendingText {
  /** Below this, what was taken is not worth moving the rest for. */
  private static final int WORTH_MOVING = 4096;

  private final StringBuilder text = new StringBuilder();
  private int from;

  void append(String piece) {
    if (from == text.length()) {
      text.setLength(0);
      from = 0;
    } else if (from > WORTH_MOVING && from > text.length() / 2) {
      text.delete(0, from);
      from = 0;
    }
    text.append(piece);
  }

  int length() {
    return text.length() - from;
  }

  boolean isEmpty() {
    return length() == 0;
  }

  char charAt(int index) {
    return text.charAt(from + index);
  }

  /** Removes a number of characters from the front and returns them. */
  String take(int length) {
    String taken = text.substring(from, from + length);
    from += length;
    return taken;
  }

  /** Removes a number of characters from the front. */
  void drop(int length) {
    from += length;
  }

  String takeAll() {
    return take(length());
  }

  /** Whether it starts with the marker. */
  boolean startsWith(String marker) {
    return length() >= marker.length() && matches(0, marker, marker.length());
  }

  /** Whether it is not empty and is shorter than the marker, which starts with it. */
  boolean mayBecome(String marker) {
    return !isEmpty() && length() < marker.length() && matches(0, marker, length());
  }

  /** Where the marker first stands at or after {@code start}; -1 if nowhere. */
  int indexOf(String marker, int start) {
    int index = text.indexOf(marker, from + start);
    return index < 0 ? -1 : index - from;
  }

  /**
   * How much of the front can be no part of any of the markers, whatever comes next: up to the
   * first marker that is whole, or that begins at the end and is not whole yet.
   */
  int certain(String... markers) {
    int certain = length();
    for (String marker : markers) {
      int whole = indexOf(marker, 0);
      if (whole >= 0) {
        certain = Math.min(certain, whole);
        continue;
      }
      for (int start = Math.max(0, length() - marker.length() + 1); start < certain; start++) {
        if (matches(start, marker, length() - start)) {
          certain = start;
        }
      }
    }
    return certain;
  }

  private boolean matches(int start, String marker, int count) {
    for (int i = 0; i < count; i++) {
      if (charAt(start + i) != marker.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
