package io.github.openaikserve.llamacpp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Creates an expression for the names of properties that differ from the given names. */
final class OtherNames {
  private static final int MAX_LENGTH = 64;

  /** The characters that can follow the beginning of a name. */
  private static final class Node {
    private final Map<Integer, Node> next = new TreeMap<>();
    private boolean end;
  }

  private final Set<String> names;

  OtherNames(Set<String> names) {
    this.names = names;
  }

  /** Returns the expression; null if a name is too long or needs an escape. */
  @Nullable String expression() {
    var root = new Node();
    for (String name : names) {
      if (name.length() > MAX_LENGTH || !name.codePoints().allMatch(GrammarText::isPlain)) {
        return null;
      }
      Node node = root;
      for (int c : name.codePoints().toArray()) {
        node = node.next.computeIfAbsent(c, ignored -> new Node());
      }
      node.end = true;
    }
    return "\"\\\"\" " + after(root) + " \"\\\"\" space";
  }

  private static String after(Node node) {
    if (node.next.isEmpty()) {
      return "char+";
    }
    var first = new StringBuilder();
    List<String> parts = new ArrayList<>();
    node.next.forEach(
        (c, child) -> {
          first.append(GrammarText.inClass(c));
          parts.add("[" + GrammarText.inClass(c) + "] " + after(child));
        });
    parts.add("[^\\x22\\x5C\\x7F\\x00-\\x1F" + first + "] char*");
    return "( " + String.join(" | ", parts) + " )" + (node.end ? "" : "?");
  }
}
