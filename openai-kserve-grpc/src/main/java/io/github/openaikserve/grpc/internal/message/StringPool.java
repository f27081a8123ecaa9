package io.github.openaikserve.grpc.internal.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A bounded cache of short ASCII strings that every message of a stream repeats, such as tensor
 * names. Thread-safe without locks: racing threads may create equal strings.
 */
public final class StringPool {
  private static final int SLOTS = 64;
  private static final int MAX_LENGTH = 64;

  private final @Nullable Entry[] cached = new Entry[SLOTS];

  /** Not a record: a record would compare the arrays by identity. */
  private static final class Entry {
    private final byte[] bytes;
    private final String string;

    Entry(byte[] bytes) {
      this.bytes = bytes;
      this.string = new String(bytes, StandardCharsets.US_ASCII);
    }
  }

  /** Returns the string with these bytes; null if they are not ASCII. */
  public @Nullable String get(byte[] bytes, int from, int length) {
    if (length == 0) {
      return "";
    }
    int hash = length + 31 * bytes[from] + 7 * bytes[from + length / 2] + bytes[from + length - 1];
    int slot = hash & (SLOTS - 1);
    Entry entry = cached[slot];
    if (entry != null
        && Arrays.equals(entry.bytes, 0, entry.bytes.length, bytes, from, from + length)) {
      return entry.string;
    }
    for (int i = from; i < from + length; i++) {
      if (bytes[i] < 0) {
        return null;
      }
    }
    var created = new Entry(Arrays.copyOfRange(bytes, from, from + length));
    if (length <= MAX_LENGTH) {
      cached[slot] = created;
    }
    return created.string;
  }
}
