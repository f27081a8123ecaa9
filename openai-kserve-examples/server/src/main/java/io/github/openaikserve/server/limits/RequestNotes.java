package io.github.openaikserve.server.limits;

import io.github.openaikserve.http.ApiRequest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Notes about the usage of requests, for their lines of the access log. A request has a number in a
 * header, by which its note is found. Thread-safe.
 */
public final class RequestNotes {
  /** The header of the number. HTTP does not allow a colon in names, so clients cannot send it. */
  public static final String HEADER = ":request";

  private final AtomicLong last = new AtomicLong();
  private final Map<String, Note> open = new ConcurrentHashMap<>();

  private static final class Note {
    private final CompletableFuture<String> text = new CompletableFuture<>();
    private boolean expected;
  }

  /** Registers a new request and returns its number. */
  public String begin() {
    String number = Long.toString(last.incrementAndGet());
    open.put(number, new Note());
    return number;
  }

  /** Ends a request and returns its note; empty if no note was announced. */
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

  /** Announces a note; returns false if the request has already ended. */
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

  void complete(@Nullable String number, String text) {
    Note note = number == null ? null : open.get(number);
    if (note != null) {
      note.text.complete(text);
    }
  }

  /** Returns the number of a request; null if the request did not arrive over HTTP. */
  static @Nullable String numberOf(ApiRequest request) {
    return request.header(HEADER);
  }

  int size() {
    return open.size();
  }
}
