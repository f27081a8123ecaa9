package io.github.openaikserve.internal.answer.text;

import io.github.openaikserve.internal.text.AutomatonCache;
import io.github.openaikserve.internal.text.TextAutomaton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A matcher that cuts a text before the first stop sequence. One instance per choice. Not
 * thread-safe.
 *
 * <p>Text is emitted as soon as it is certain to precede every stop sequence. Text that may belong
 * to a stop sequence is held back. It is always a prefix of a sequence, so only the automaton's
 * node is stored. The output does not depend on how the text is split into pieces.
 *
 * <p>Text and sequences are compared as UTF-8, which finds the same sequences as comparing
 * characters would, because no character's bytes begin inside another character.
 */
public final class StopSequences {
  private static final int NO_MATCH = Integer.MAX_VALUE;

  private static final AutomatonCache AUTOMATA =
      new AutomatonCache(
          sequences -> new TextAutomaton(sequences.stream().map(StopSequences::bytes).toList()));

  /** Long enough for most tokens. */
  private static final int MIN_JOINED = 64;

  /** The automaton of the sequences' bytes, each as one character. */
  private final TextAutomaton automaton;

  private int node = TextAutomaton.ROOT;

  /**
   * The position in the held text of a complete sequence, while an earlier one may still complete.
   */
  private int firstMatch = NO_MATCH;

  /** The sequence that begins at {@link #firstMatch}; null for none. */
  private @Nullable String found;

  private boolean matched;
  private byte[] certain = {};

  /** The array of a text that begins with held text. */
  private byte[] joined = {};

  public StopSequences(List<String> sequences) {
    this(automaton(sequences));
  }

  /** Creates a matcher that shares the automaton with other choices of the same request. */
  public StopSequences(TextAutomaton automaton) {
    this.automaton = automaton;
  }

  /** Returns an automaton of these sequences for matchers to share. */
  public static TextAutomaton automaton(List<String> sequences) {
    return AUTOMATA.get(sequences);
  }

  /** Returns the bytes of a text in UTF-8, each as one character. */
  static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static String text(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /**
   * Reads a piece of text and returns the text that is certain to precede every stop sequence.
   * Returns an empty text after a match.
   */
  public String next(String text) {
    if (automaton.isEmpty()) {
      return text;
    }
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int length = next(utf8, utf8.length);
    return Utf8Decoder.string(certain(), length);
  }

  /**
   * Reads a piece of text, which has whole characters.
   *
   * @param utf8 the text in UTF-8; not changed until the result was read
   * @param length the number of bytes of text
   * @return the number of bytes in {@link #certain()}; 0 after a match
   */
  public int next(byte[] utf8, int length) {
    certain = utf8;
    if (automaton.isEmpty()) {
      return length;
    }
    if (matched) {
      return 0;
    }
    int before = node;
    int held = automaton.depth(before);
    int at = before;
    for (int i = 0; i < length; i++) {
      at = automaton.next(at, (char) (utf8[i] & 0xFF));
      int match = automaton.match(at);
      if (match == 0 && firstMatch == NO_MATCH) {
        continue;
      }
      int end = held + i + 1;
      if (match > 0 && end - match < firstMatch) {
        firstMatch = end - match;
        int read = automaton.depth(at);
        found = text(automaton.sequence(at).substring(read - match, read));
      }
      if (firstMatch <= end - automaton.depth(at)) {
        matched = true;
        return prefix(before, utf8, firstMatch);
      }
    }
    node = at;
    int sure = held + length - automaton.depth(at);
    if (firstMatch != NO_MATCH) {
      firstMatch -= sure;
    }
    return prefix(before, utf8, sure);
  }

  /** Returns the array whose first bytes are the certain text; valid until the next piece. */
  public byte[] certain() {
    return certain;
  }

  /** Ends the text. Returns the held text up to the first complete stop sequence. */
  public String end() {
    if (matched || node == TextAutomaton.ROOT) {
      return "";
    }
    int held = automaton.depth(node);
    matched = firstMatch != NO_MATCH;
    String rest = automaton.sequence(node).substring(0, Math.min(held, firstMatch));
    node = TextAutomaton.ROOT;
    return text(rest);
  }

  /** Sets the first bytes of the text that was held at a node, followed by a piece. */
  private int prefix(int heldAt, byte[] utf8, int length) {
    int held = Math.min(length, automaton.depth(heldAt));
    if (held > 0) {
      if (joined.length < length) {
        joined = new byte[Math.max(length, MIN_JOINED)];
      }
      automaton.copyPrefix(heldAt, held, joined);
      System.arraycopy(utf8, 0, joined, held, length - held);
      certain = joined;
    }
    return length;
  }

  /** Returns the stop sequence that was found; null for none. */
  public @Nullable String sequence() {
    return matched ? found : null;
  }

  /** Returns whether a stop sequence was found. No text follows it. */
  public boolean matched() {
    return matched;
  }
}
