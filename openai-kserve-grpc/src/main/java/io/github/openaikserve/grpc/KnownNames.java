package io.github.openaikserve.grpc;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Strings for names that come again and again. Thread-safe: what a race loses is made anew.
 *
 * <p>Bounded, for the names are the server's.
 */
final class KnownNames {
  private static final int SLOTS = 64;
  private static final int MAX_LENGTH = 64;

  private final @Nullable String[] known = new String[SLOTS];

  /** The ASCII text in these bytes; null if it is none. */
  @Nullable String get(byte[] bytes, int from, int length) {
    if (length == 0) {
      return "";
    }
    int hash = length;
    for (int i = from; i < from + length; i++) {
      if (bytes[i] < 0) {
        return null;
      }
      hash = 31 * hash + bytes[i];
    }
    int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    String candidate = known[slot];
    if (candidate != null && is(candidate, bytes, from, length)) {
      return candidate;
    }
    String made = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    if (length <= MAX_LENGTH) {
      known[slot] = made;
    }
    return made;
  }

  private static boolean is(String text, byte[] bytes, int from, int length) {
    if (text.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) != bytes[from + i]) {
        return false;
      }
    }
    return true;
  }
}
