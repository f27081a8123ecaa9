package io.github.openaikserve.internal.answer.text;

import io.github.openaikserve.internal.text.TextAutomaton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A matcher that cuts a text before the first stop sequence. One instance per choice. Not
 * thread-safe.
 *
 * <p>Text is emitted as soon as it is certain to precede every stop sequence. Text that may belong
 * to a stop sequence is held back. It is always a prefix of a sequence, so only the automaton's
 * node is stored. The output does not depend on how the text is split into pieces.
 */
public final class StopSequences {
  private static final int NO_MATCH = Integer.MAX_VALUE;

  private final TextAutomaton automaton;
  private int node = TextAutomaton.ROOT;

  /**
   * The position in the held text of a complete sequence, while an earlier one may still complete.
   */
  private int firstMatch = NO_MATCH;

  /** The sequence that begins at {@link #firstMatch}; null for none. */
  private @Nullable String found;

  private boolean matched;

  public StopSequences(List<String> sequences) {
    this(new TextAutomaton(sequences));
  }

  /** Creates a matcher that shares the automaton with other choices of the same request. */
  public StopSequences(TextAutomaton automaton) {
    this.automaton = automaton;
  }

  /**
   * Returns whether {@link #next} would return this text unchanged and hold nothing back: no text
   * is held, and no stop sequence can begin in it.
   *
   * @param utf8 the text in UTF-8
   * @param length the number of bytes of text
   */
  public boolean canBypass(byte[] utf8, int length) {
    return automaton.isEmpty()
        || (node == TextAutomaton.ROOT && !matched && !automaton.canBeginIn(utf8, length));
  }

  /**
   * Reads a piece of text and returns the text that is certain to precede every stop sequence.
   * Returns an empty text after a match.
   */
  public String next(String text) {
    if (automaton.isEmpty()) {
      return text;
    }
    if (matched) {
      return "";
    }
    int before = node;
    int held = automaton.depth(before);
    for (int i = 0; i < text.length(); i++) {
      node = automaton.next(node, text.charAt(i));
      if (node == TextAutomaton.ROOT && firstMatch == NO_MATCH) {
        continue; // no sequence has begun
      }
      int end = held + i + 1;
      int length = automaton.match(node);
      if (length > 0 && end - length < firstMatch) {
        firstMatch = end - length;
        int read = automaton.depth(node);
        found = automaton.sequence(node).substring(read - length, read);
      }
      if (firstMatch <= end - automaton.depth(node)) {
        matched = true;
        return prefix(before, text, firstMatch);
      }
    }
    int certain = held + text.length() - automaton.depth(node);
    if (firstMatch != NO_MATCH) {
      firstMatch -= certain;
    }
    return prefix(before, text, certain);
  }

  /** Ends the text. Returns the held text up to the first complete stop sequence. */
  public String end() {
    if (matched || node == TextAutomaton.ROOT) {
      return "";
    }
    int held = automaton.depth(node);
    matched = firstMatch != NO_MATCH;
    String rest = prefix(node, "", Math.min(held, firstMatch));
    node = TextAutomaton.ROOT;
    return rest;
  }

  /** Returns the first characters of the text that was held at a node, followed by a piece. */
  private String prefix(int heldAt, String text, int length) {
    int held = automaton.depth(heldAt);
    if (held == 0) {
      return text.substring(0, length);
    }
    String sequence = automaton.sequence(heldAt);
    return length <= held
        ? sequence.substring(0, length)
        : sequence.substring(0, held) + text.substring(0, length - held);
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
