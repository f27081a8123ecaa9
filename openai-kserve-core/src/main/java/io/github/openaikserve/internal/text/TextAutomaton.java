package io.github.openaikserve.internal.text;

import java.util.Arrays;
import java.util.Collection;

/**
 * An Aho-Corasick automaton over a few sequences, such as stop sequences or the markers of a
 * format. Immutable and thread-safe.
 *
 * <p>A node represents a prefix of a sequence; the root represents the empty prefix. Nodes are
 * numbered level by level, so the children of a node are consecutive and sorted by their last
 * character. Building takes time and memory linear in the length of all sequences. Reading a text
 * takes at most two lookups per character on average, for any sequences.
 *
 * <p>The nodes of the shortest prefixes, which are all nodes unless the sequences are very long,
 * have a row in a table, where one read finds the next node.
 */
public class TextAutomaton {
  public static final int ROOT = 0;

  private static final int NO_CHILD = -1;
  private static final int BYTES = 0x100;

  /** The maximum number of entries of the table, which are 256 KiB. */
  private static final int MAX_ENTRIES = 1 << 17;

  /** The sequences, sorted, without duplicates or empty sequences. */
  private final String[] sequences;

  /** The last character of each node's prefix; undefined for the root. */
  private final char[] last;

  /** The first child of each node; the children end where those of the next node begin. */
  private final int[] firstChild;

  /** The index of a sequence that begins with the node's prefix. */
  private final int[] sequence;

  private final int[] depth;

  /** The node of the longest proper suffix that is a prefix of a sequence. */
  private final int[] fallback;

  /** The length of the longest complete sequence that ends at each node; 0 for none. */
  private final int[] match;

  /** The bytes that can begin the first character of a sequence in UTF-8. */
  private final boolean[] leadBytes;

  /** The column of each character below {@link #BYTES}; 0 for those that are in no sequence. */
  private final char[] columns = new char[BYTES];

  /** The number of bits of a column's number. */
  private final int columnBits;

  /** The number of nodes, from the root, that have a row in the table. */
  private final int rows;

  /** The next node by node and column. */
  private final char[] table;

  /** Creates an automaton that finds these sequences. Empty sequences are ignored. */
  public TextAutomaton(Collection<String> stopSequences) {
    this(stopSequences, MAX_ENTRIES);
  }

  /** Creates an automaton whose table has a maximum number of entries, of two bytes each. */
  public TextAutomaton(Collection<String> stopSequences, int maxEntries) {
    sequences =
        stopSequences.stream()
            .filter(stop -> !stop.isEmpty())
            .sorted()
            .distinct()
            .toArray(String[]::new);
    leadBytes = leadBytes(sequences);
    var trie = new Trie(sequences);
    int nodes = trie.nodes;
    last = trie.last;
    firstChild = trie.firstChild;
    sequence = trie.sequence;
    depth = trie.depth;
    match = trie.match;
    fallback = new int[nodes];
    columnBits = Integer.SIZE - Integer.numberOfLeadingZeros(countColumns());
    rows = nodes <= Character.MAX_VALUE ? Math.min(nodes, maxEntries >> columnBits) : 0;
    table = new char[rows << columnBits];
    for (int node = ROOT; node < nodes; node++) {
      linkChildren(node);
      if (node < rows) {
        fillRow(node);
      }
    }
  }

  /** Numbers the columns and returns the highest number. */
  private int countColumns() {
    char count = 0;
    for (String sequence : sequences) {
      for (int i = 0; i < sequence.length(); i++) {
        char c = sequence.charAt(i);
        if (c < BYTES && columns[c] == 0) {
          columns[c] = ++count;
        }
      }
    }
    return count;
  }

  /**
   * Sets the fallbacks of a node's children. The fallbacks of all nodes with lower numbers are
   * already set.
   */
  private void linkChildren(int node) {
    for (int child = firstChild[node]; child < firstChild[node + 1]; child++) {
      fallback[child] = node == ROOT ? ROOT : next(fallback[node], last[child]);
      if (match[child] == 0) {
        match[child] = match[fallback[child]];
      }
    }
  }

  /** Fills the row of a node whose fallback has a row. */
  private void fillRow(int node) {
    int row = node << columnBits;
    if (node != ROOT) {
      System.arraycopy(table, fallback[node] << columnBits, table, row, 1 << columnBits);
    }
    for (int child = firstChild[node]; child < firstChild[node + 1]; child++) {
      if (last[child] < BYTES) {
        table[row | columns[last[child]]] = (char) child;
      }
    }
  }

  private static boolean[] leadBytes(String[] sequences) {
    boolean[] leads = new boolean[BYTES];
    for (String sequence : sequences) {
      char c = sequence.charAt(0);
      if (c < 0x80) {
        leads[c] = true;
      } else if (c < 0x800) {
        leads[0xC0 | (c >> 6)] = true;
      } else if (Character.isSurrogate(c) || c == '\uFFFD') {
        // Half of a surrogate pair, or the replacement character for any malformed byte.
        Arrays.fill(leads, 0x80, BYTES, true);
      } else {
        leads[0xE0 | (c >> 12)] = true;
      }
    }
    return leads;
  }

  /** Returns whether the automaton has no sequences. */
  public boolean isEmpty() {
    return sequences.length == 0;
  }

  /**
   * Returns whether a sequence can begin in a text, given its first {@code length} bytes in UTF-8.
   */
  public boolean canBeginIn(byte[] utf8, int length) {
    for (int i = 0; i < length; i++) {
      if (leadBytes[utf8[i] & 0xFF]) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the node of the longest prefix that is a suffix of the text after {@code c} is
   * appended.
   */
  public final int next(int node, char c) {
    if (c < BYTES && node < rows) {
      return table[(node << columnBits) | columns[c]];
    }
    int from = node;
    int child = child(from, c);
    while (child == NO_CHILD) {
      if (from == ROOT) {
        return ROOT;
      }
      from = fallback[from];
      child = child(from, c);
    }
    return child;
  }

  /**
   * Returns the target of one transition of a node without a row. Tests count the calls to measure
   * the work.
   */
  protected int child(int node, char c) {
    int low = firstChild[node];
    int high = firstChild[node + 1] - 1;
    if (low == high) { // most nodes have one child
      return last[low] == c ? low : NO_CHILD;
    }
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (last[middle] == c) {
        return middle;
      }
      if (last[middle] < c) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return NO_CHILD;
  }

  /** Returns the length of the node's prefix. */
  public int depth(int node) {
    return depth[node];
  }

  /** Returns a sequence that begins with the node's prefix. The automaton must not be empty. */
  public String sequence(int node) {
    return sequences[sequence[node]];
  }

  /** Copies the beginning of the node's prefix, which consists of bytes, each as one character. */
  @SuppressWarnings("deprecation") // it drops the high bits of characters, which are zero here
  public void copyPrefix(int node, int length, byte[] to) {
    sequences[sequence[node]].getBytes(0, length, to, 0);
  }

  /** Returns the length of the longest complete sequence that ends at the node; 0 for none. */
  public int match(int node) {
    return match[node];
  }
}
