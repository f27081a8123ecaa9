package io.github.openaikserve.internal.answer;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * An answer that can be had whole. Nothing has been sent. Used once.
 *
 * @param <A> the whole answer
 */
public interface WholeAnswer<A> {
  /** Returns the JSON names of the request's fields that have no effect. */
  List<String> droppedParams();

  /** Makes the calls. Ending the future cancels them. */
  CompletableFuture<A> whole();
}
