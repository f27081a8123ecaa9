package io.github.openaikserve.internal.answer.call;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * An answer that can be returned whole. Nothing has been sent yet. Used once.
 *
 * @param <A> the whole answer
 */
public interface WholeAnswer<A> {
  /** Returns the JSON names of the request's fields that have no effect. */
  List<String> droppedParams();

  /**
   * Starts the calls and returns a future of the whole answer. Completing the future early cancels
   * the calls.
   */
  CompletableFuture<A> whole();
}
