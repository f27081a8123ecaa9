package io.github.openaikserve.chat.format;

import io.github.openaikserve.internal.text.AutomatonCache;
import io.github.openaikserve.internal.text.TextAutomaton;
import java.util.Collection;
import java.util.List;

/** A search for markers in streamed text. Not thread-safe. */
final class MarkerScan {
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

  /** Enough for the first characters of markers. */
  private static final int MAX_ENTRIES = 1024;

  private static final AutomatonCache AUTOMATA =
      new AutomatonCache(markers -> new TextAutomaton(markers, MAX_ENTRIES));

  private final TextAutomaton automaton;
  private int node = TextAutomaton.ROOT;

  MarkerScan(Collection<String> markers) {
    automaton = AUTOMATA.get(List.copyOf(markers));
  }

  /**
   * Reads the next character and emits text that cannot be part of a marker.
   *
   * @return the completed marker; empty for none
   */
  String next(char c, TextOutput output) {
    int held = node;
    node = automaton.next(node, c);
    if (held == TextAutomaton.ROOT && node == TextAutomaton.ROOT) {
      output.add(c);
      return "";
    }
    int length = automaton.match(node);
    int depth = automaton.depth(node);
    int text = automaton.depth(held) + 1 - depth + (length > 0 ? depth - length : 0);
    release(held, String.valueOf(c), text, output);
    if (length == 0) {
      return "";
    }
    String found = automaton.sequence(node).substring(depth - length, depth);
    node = TextAutomaton.ROOT;
    return found;
  }

  /** Emits the first {@code length} characters of the text held at a node, followed by a piece. */
  private void release(int heldAt, String piece, int length, TextOutput output) {
    int depth = automaton.depth(heldAt);
    if (length > 0) {
      String held = depth == 0 ? "" : automaton.sequence(heldAt).substring(0, depth);
      output.add((held + piece).substring(0, length));
    }
  }

  /** Returns whether no text is held and no marker can begin in a piece of text. */
  boolean isText(byte[] utf8, int length) {
    return node == TextAutomaton.ROOT && !automaton.canBeginIn(utf8, length);
  }

  /** Emits the held text. */
  void end(TextOutput output) {
    release(node, "", automaton.depth(node), output);
    node = TextAutomaton.ROOT;
  }
}
