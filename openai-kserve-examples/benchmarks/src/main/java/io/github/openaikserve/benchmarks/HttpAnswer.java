package io.github.openaikserve.benchmarks;

import java.nio.charset.StandardCharsets;

/** A reader of HTTP responses that finds only their ends and counts their events. */
final class HttpAnswer {
  private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final String LENGTH = "content-length:";

  private final StringBuilder head = new StringBuilder();
  private boolean inBody;
  private boolean whole;
  private long left;
  private int events;
  private int matched;
  private byte before;

  void reset() {
    head.setLength(0);
    inBody = false;
    whole = false;
    left = -1;
    events = 0;
    matched = 0;
    before = 0;
  }

  boolean hasBegun() {
    return events > 0 || (inBody && left >= 0);
  }

  boolean isWhole() {
    return whole;
  }

  boolean isGood() {
    return head.length() > 12 && head.charAt(9) == '2';
  }

  /** Reads bytes and returns the number of tokens of all choices in them. */
  int read(byte[] bytes, int count, Work work) {
    int from = inBody ? 0 : readHead(bytes, count);
    if (!inBody) {
      return 0;
    }
    if (left >= 0) {
      left -= count - from;
      whole = left <= 0;
      return whole ? work.tokensOfRequest() : 0;
    }
    int tokens = tokens(work);
    for (int i = from; i < count; i++) {
      byte b = bytes[i];
      if (b == '\n' && before == '\n') {
        events++;
      }
      before = b;
      matched = b == LAST_CHUNK[matched] ? matched + 1 : b == LAST_CHUNK[0] ? 1 : 0;
      if (matched == LAST_CHUNK.length) {
        whole = true;
        events = eventsOf(work);
        break;
      }
    }
    return tokens(work) - tokens;
  }

  private int tokens(Work work) {
    return Math.min(Math.max(0, events - work.choices()), work.tokensOfRequest());
  }

  /** Returns the number of events: tokens, a role and an end per choice, and {@code [DONE]}. */
  private static int eventsOf(Work work) {
    return work.tokensOfRequest() + 2 * work.choices() + 1;
  }

  private int readHead(byte[] bytes, int count) {
    int i = 0;
    while (i < count && !inBody) {
      byte b = bytes[i++];
      head.append((char) b);
      matched = b == END_OF_HEAD[matched] ? matched + 1 : b == END_OF_HEAD[0] ? 1 : 0;
      inBody = matched == END_OF_HEAD.length;
    }
    if (inBody) {
      matched = 0;
      String text = head.toString().toLowerCase(java.util.Locale.ROOT);
      int at = text.indexOf(LENGTH);
      left =
          at < 0
              ? -1
              : Long.parseLong(
                  text.substring(at + LENGTH.length(), text.indexOf('\r', at)).strip());
    }
    return i;
  }
}
