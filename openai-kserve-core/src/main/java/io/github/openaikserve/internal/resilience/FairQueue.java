package io.github.openaikserve.internal.resilience;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A fair queue of waiting calls. The keys of calls take turns, so a client with many calls does not
 * delay a client with few. Calls with the same key leave in order of arrival. Not thread-safe.
 */
public final class FairQueue<C> {
  /** The calls by key. The first key has the next turn. */
  private final Map<String, Set<C>> byKey = new LinkedHashMap<>();

  private final Function<C, String> keyOf;
  private int size;

  /** Creates an empty queue. */
  public FairQueue(Function<C, String> keyOf) {
    this.keyOf = keyOf;
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public void add(C call) {
    if (byKey.computeIfAbsent(keyOf.apply(call), key -> new LinkedHashSet<>()).add(call)) {
      size++;
    }
  }

  public boolean contains(C call) {
    Set<C> calls = byKey.get(keyOf.apply(call));
    return calls != null && calls.contains(call);
  }

  /** Removes a call. Returns whether it was waiting. */
  public boolean remove(C call) {
    Set<C> calls = byKey.get(keyOf.apply(call));
    if (calls == null || !calls.remove(call)) {
      return false;
    }
    if (calls.isEmpty()) {
      byKey.remove(keyOf.apply(call));
    }
    size--;
    return true;
  }

  /** Removes and returns the call that has the next turn; null if none is waiting. */
  public @Nullable C poll() {
    Iterator<Map.Entry<String, Set<C>>> turns = byKey.entrySet().iterator();
    if (!turns.hasNext()) {
      return null;
    }
    Map.Entry<String, Set<C>> turn = turns.next();
    String key = turn.getKey();
    Set<C> calls = turn.getValue();
    turns.remove();
    Iterator<C> first = calls.iterator();
    C call = first.next();
    first.remove();
    size--;
    if (!calls.isEmpty()) {
      byKey.put(key, calls);
    }
    return call;
  }
}
