package io.github.openaikserve.resilience;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A fair queue of waiting calls. The keys of calls take turns, so a client with many calls does not
 * delay a client with few. Calls with the same key leave in order of arrival. Not thread-safe.
 */
final class FairQueue {
  /** The calls by key. The first key has the next turn. */
  private final Map<String, Set<LimitedCall>> byKey = new LinkedHashMap<>();

  private int size;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(LimitedCall call) {
    if (byKey.computeIfAbsent(call.queueKey(), key -> new LinkedHashSet<>()).add(call)) {
      size++;
    }
  }

  boolean contains(LimitedCall call) {
    Set<LimitedCall> calls = byKey.get(call.queueKey());
    return calls != null && calls.contains(call);
  }

  /** Removes a call. Returns whether it was waiting. */
  boolean remove(LimitedCall call) {
    Set<LimitedCall> calls = byKey.get(call.queueKey());
    if (calls == null || !calls.remove(call)) {
      return false;
    }
    if (calls.isEmpty()) {
      byKey.remove(call.queueKey());
    }
    size--;
    return true;
  }

  /** Removes and returns the call that has the next turn; null if none is waiting. */
  @Nullable LimitedCall poll() {
    Iterator<Map.Entry<String, Set<LimitedCall>>> turns = byKey.entrySet().iterator();
    if (!turns.hasNext()) {
      return null;
    }
    Map.Entry<String, Set<LimitedCall>> turn = turns.next();
    String key = turn.getKey();
    Set<LimitedCall> calls = turn.getValue();
    turns.remove();
    Iterator<LimitedCall> first = calls.iterator();
    LimitedCall call = first.next();
    first.remove();
    size--;
    if (!calls.isEmpty()) {
      byKey.put(key, calls);
    }
    return call;
  }
}
