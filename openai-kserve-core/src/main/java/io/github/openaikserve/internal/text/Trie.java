package io.github.openaikserve.internal.text;

/**
 * A trie of sequences. A node represents a prefix of a sequence; the root represents the empty
 * prefix. Nodes are numbered level by level, so the children of a node are consecutive and sorted
 * by their last character. Building takes time and memory linear in the length of all sequences.
 * The {@link TextAutomaton} takes over the arrays.
 */
final class Trie {
  final int nodes;

  /** The last character of each node's prefix; undefined for the root. */
  final char[] last;

  /** The first child of each node; the children end where those of the next node begin. */
  final int[] firstChild;

  /** The index of a sequence that begins with the node's prefix. */
  final int[] sequence;

  final int[] depth;

  /** The length of the sequence that is the node's prefix; 0 for none. */
  final int[] match;

  /**
   * Builds the trie.
   *
   * @param sequences the sequences, sorted, without duplicates or empty sequences
   */
  Trie(String[] sequences) {
    nodes = countNodes(sequences);
    last = new char[nodes];
    firstChild = new int[nodes + 1];
    sequence = new int[nodes];
    depth = new int[nodes];
    match = new int[nodes];
    build(sequences);
  }

  /**
   * Returns the number of distinct prefixes. In sorted order, neighbors share the longest common
   * prefixes.
   */
  private static int countNodes(String[] sequences) {
    int nodes = 1;
    String previous = "";
    for (String next : sequences) {
      int shared = 0;
      while (shared < previous.length() && previous.charAt(shared) == next.charAt(shared)) {
        shared++; // the next is greater, so it ends after the shared prefix
      }
      nodes = Math.addExact(nodes, next.length() - shared);
      previous = next;
    }
    return nodes;
  }

  /**
   * Numbers the nodes level by level. The sequences of a node are consecutive because they are
   * sorted.
   */
  private void build(String[] sequences) {
    int[] endOfRange = new int[nodes];
    endOfRange[TextAutomaton.ROOT] = sequences.length;
    int made = TextAutomaton.ROOT + 1;
    for (int node = TextAutomaton.ROOT; node < nodes; node++) {
      firstChild[node] = made;
      int length = depth[node];
      int end = endOfRange[node];
      int from = sequence[node];
      if (from < end && sequences[from].length() == length) {
        match[node] = length;
        from++;
      }
      while (from < end) {
        char c = sequences[from].charAt(length);
        last[made] = c;
        sequence[made] = from;
        depth[made] = length + 1;
        while (from < end && sequences[from].charAt(length) == c) {
          from++;
        }
        endOfRange[made] = from;
        made++;
      }
    }
    firstChild[nodes] = nodes;
  }
}
