package io.github.openaikserve.server.trust;

import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** The outcomes of all requests. Thread-safe. */
final class SoakTally {
  private static final int SHOWN = 20;

  final AtomicLong sent = new AtomicLong();
  final AtomicLong answered = new AtomicLong();
  final AtomicLong cancelled = new AtomicLong();
  final AtomicLong refused = new AtomicLong();
  final AtomicLong lost = new AtomicLong();
  private final Map<String, AtomicLong> refusals = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> kinds = new ConcurrentHashMap<>();
  private final Queue<String> losses = new ConcurrentLinkedQueue<>();

  void sent(String kind) {
    sent.incrementAndGet();
    kinds.computeIfAbsent(kind, k -> new AtomicLong()).incrementAndGet();
  }

  void refused(String why) {
    refused.incrementAndGet();
    refusals.computeIfAbsent(why, k -> new AtomicLong()).incrementAndGet();
  }

  void lost(String what) {
    if (lost.incrementAndGet() <= SHOWN) {
      losses.add(what);
    }
  }

  Map<String, AtomicLong> refusals() {
    return new TreeMap<>(refusals);
  }

  Map<String, AtomicLong> kinds() {
    return new TreeMap<>(kinds);
  }

  /** The errors of the first lost requests. */
  Queue<String> losses() {
    return losses;
  }
}
