package io.github.openaikserve.observation;

import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import java.util.Map;

/**
 * Hears of every call that reaches a model's route. Thread-safe; one that {@link #start} returns is
 * called by one thread at a time.
 *
 * <p>The order is {@code start}, {@code metadata}, {@code droppedFields}, {@code firstToken},
 * {@code token} any number of times, {@code usage} or {@code usageSoFar}, and then exactly one of
 * {@code end}, {@code error} and {@code cancelled}, after which nothing comes, whatever races: what
 * a call ended with first is what is told. A request that cannot be read, or names no model that is
 * served, is no call. An answer that is asked for twice because its form was wrong is one call.
 *
 * <p>Methods run in the middle of the call, on its threads, and must not block. What they throw is
 * logged the first time and hurts nobody.
 */
public interface CallListener {
  /** The request headers that this needs to see in {@link CallInfo#headers}, by their names. */
  default List<String> reads() {
    return List.of();
  }

  /**
   * A call begins; nothing has been sent. Runs on the thread of the caller, or of the stream's
   * subscriber.
   *
   * @return who hears the rest of this call: this, or one that keeps something for it
   */
  default CallListener start(CallInfo call) {
    return this;
  }

  /** Headers to send to the model server with this call, names in lower case. */
  default Map<String, String> metadata(CallInfo call) {
    return Map.of();
  }

  /** The model server has no use for these request fields; not called when there are none. */
  default void droppedFields(CallInfo call, List<String> fields) {}

  /**
   * The server's first response came.
   *
   * @param nanos since the start
   */
  default void firstToken(CallInfo call, long nanos) {}

  /**
   * A further response came: most servers send one for each token. Choices of one answer count
   * together.
   *
   * @param nanos since the response before
   */
  default void token(CallInfo call, long nanos) {}

  /** What a call used that came to its end; {@link #usageSoFar} is told of one that did not. */
  default void usage(CallInfo call, CompletionUsage usage) {}

  /**
   * What a call had used when it failed or was cancelled, as far as it was counted by then. Not
   * told of one that got no response, nor of embeddings.
   *
   * @param usage estimated where the server had not told its own counts, which most tell last
   */
  default void usageSoFar(CallInfo call, CompletionUsage usage) {}

  /**
   * The answer is complete.
   *
   * @param nanos since the start
   * @param finishReasons one for each choice; none for embeddings
   */
  default void end(CallInfo call, long nanos, List<FinishReason> finishReasons) {}

  /**
   * The call failed.
   *
   * @param nanos since the start
   */
  default void error(CallInfo call, long nanos, CallFailure failure) {}

  /**
   * Whoever asked does not want the rest.
   *
   * @param nanos since the start
   */
  default void cancelled(CallInfo call, long nanos) {}
}
