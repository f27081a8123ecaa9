package io.github.openaikserve.internal.text;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The automata of recently searched sequences, which are the same in most requests: those of a chat
 * template or of a format. Bounded. Thread-safe.
 */
public final class AutomatonCache {
  private static final int MAX_AUTOMATA = 32;

  /** The maximum number of characters for which an automaton is kept, which bounds its size. */
  private static final int MAX_CHARACTERS = 128;

  private final Map<List<String>, TextAutomaton> recent = new ConcurrentHashMap<>();
  private final Function<List<String>, TextAutomaton> factory;

  /**
   * Creates an empty cache.
   *
   * @param factory creates the automaton of sequences
   */
  public AutomatonCache(Function<List<String>, TextAutomaton> factory) {
    this.factory = factory;
  }

  /** Returns the automaton of sequences. */
  public TextAutomaton get(List<String> sequences) {
    TextAutomaton known = recent.get(sequences);
    if (known != null) {
      return known;
    }
    TextAutomaton made = factory.apply(sequences);
    if (sequences.stream().mapToInt(String::length).sum() <= MAX_CHARACTERS) {
      if (recent.size() >= MAX_AUTOMATA) {
        recent.clear();
      }
      recent.put(List.copyOf(sequences), made);
    }
    return made;
  }

  /** Returns the number of automata. */
  int size() {
    return recent.size();
  }
}
