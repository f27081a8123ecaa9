package io.github.openaikserve.server.limits;

import io.github.openaikserve.http.ApiRequest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a request has used, for its line of the access log. A request carries a number, by which
 * what it has used comes back to its connection. Thread-safe.
 */
public final class RequestNotes {
  /** The header of the number: HTTP has no field names with a colon, so no client can send it. */
  public static final String HEADER = ":request";

  private final AtomicLong last = new AtomicLong();
  private final Map<String, Note> open = new ConcurrentHashMap<>();

  private static final class Note {
    private final CompletableFuture<String> text = new CompletableFuture<>();
    private boolean expected;
  }

  /** Begins a request; returns its number. */
  public String begin() {
    String number = Long.toString(last.incrementAndGet());
    open.put(number, new Note());
    return number;
  }

  /** Ends a request; returns its note, which is empty if none is expected. */
  public CompletableFuture<String> end(String number) {
    Note note = open.get(number);
    if (note == null) {
      return CompletableFuture.completedFuture("");
    }
    synchronized (note) {
      if (!note.expected) {
        open.remove(number);
        note.text.complete("");
      }
    }
    return note.text.whenComplete((text, failure) -> open.remove(number));
  }

  /** Announces a note; returns whether the request has not ended. */
  boolean expect(@Nullable String number) {
    Note note = number == null ? null : open.get(number);
    if (note == null) {
      return false;
    }
    synchronized (note) {
      note.expected = !note.text.isDone();
      return note.expected;
    }
  }

  /** Adds an announced note. */
  void complete(@Nullable String number, String text) {
    Note note = number == null ? null : open.get(number);
    if (note != null) {
      note.text.complete(text);
    }
  }

  /** Returns the number that a request carries; null if it came over no connection. */
  static @Nullable String numberOf(ApiRequest request) {
    return request.header(HEADER);
  }

  /** Returns the number of requests that have not ended. */
  int size() {
    return open.size();
  }
}
