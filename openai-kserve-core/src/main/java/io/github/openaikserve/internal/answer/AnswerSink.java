package io.github.openaikserve.internal.answer;

import io.github.openaikserve.openai.CompletionLogprobs;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The receiver of an answer: what was decoded from the responses of a model server goes through
 * this interface to every kind of answer. Not thread-safe.
 *
 * <p>Choices are numbered from 0 and interleave. Each one receives any number of texts, reasonings
 * and tool calls; then, after the last text of all choices, each receives {@link #stopSequence} if
 * there was one and {@link #finish}, and {@link #completing} and {@link #complete} end the answer.
 * An answer that fails ends with {@link #fail} instead.
 */
public interface AnswerSink {
  /**
   * Receives text of a choice in UTF-8: whole characters, at least one.
   *
   * @param utf8 valid during the call only
   * @param length how many bytes from the beginning of the array are text
   */
  default void text(int choice, byte[] utf8, int length) {
    text(choice, new String(utf8, 0, length, StandardCharsets.UTF_8), null);
  }

  /**
   * Receives text of a choice.
   *
   * @param text empty only if there are log probabilities whose text is not certain yet
   * @param logprobs of the tokens received since the last text; null unless requested
   */
  void text(int choice, String text, @Nullable CompletionLogprobs logprobs);

  /** Receives reasoning that precedes the text of a choice. */
  void reasoning(int choice, String text);

  /**
   * Receives the start of a tool call.
   *
   * @param index the number of the call in its choice, from 0
   */
  void toolCall(int choice, int index, String id, String name);

  /** Receives a piece of the arguments of a tool call that has started. */
  void arguments(int choice, int index, String piece);

  /**
   * Receives a whole call of a custom tool.
   *
   * @param index the number of the call in its choice, from 0
   */
  void customCall(int choice, int index, String id, String name, String input);

  /**
   * Receives the stop sequence before which the text of a choice was cut, of the request or of the
   * model. Called before {@link #finish}. If the model server cut the text by itself, it is called
   * only if the server says at which sequence.
   */
  default void stopSequence(int choice, String sequence) {}

  /** Receives why a choice finished. */
  void finish(int choice, FinishReason reason);

  /**
   * Receives that {@link #complete} follows. Called after {@link #finish} of all choices.
   *
   * @return what the end of the answer waits for, however it ends; null for nothing
   */
  default @Nullable CompletableFuture<?> completing(CompletionUsage usage) {
    return null;
  }

  /** Receives the end of the answer, with the tokens of all choices. */
  void complete(CompletionUsage usage);

  /**
   * Receives the failure of the answer.
   *
   * @return the failure to signal to the reader; null to end without one
   */
  default @Nullable Throwable fail(Throwable failure) {
    return failure;
  }

  /** Emits what was held to be emitted together: the reader waits and no response is there. */
  default void flush() {}

  /** Receives that the answer is silent while its reader waits. */
  default void idle() {}

  /** Receives the end of the answer, however it ended. Called once, last. */
  default void terminated() {}
}
