package io.github.openaikserve.internal.answer;

import io.github.openaikserve.openai.CompletionLogprobs;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The receiver of a decoded answer. Every kind of answer implements it to receive the content of a
 * model server's responses. Not thread-safe.
 *
 * <p>A sink of answers that only have text ignores reasoning and tool calls.
 *
 * <p>Choices are numbered from 0 and interleave. Each choice receives any number of texts, pieces
 * of reasoning and tool calls. After the last text of all choices, each choice receives {@link
 * #stopSequence}, if there was one, and {@link #finish}. Then {@link #completing} and {@link
 * #complete} end the answer. A failed answer ends with {@link #fail} instead.
 */
public interface AnswerSink {
  /**
   * Receives text of a choice in UTF-8: one or more complete characters.
   *
   * @param utf8 the text; valid only during the call
   * @param length the number of bytes of text, from the beginning of the array
   */
  default void text(int choice, byte[] utf8, int length) {
    text(choice, new String(utf8, 0, length, StandardCharsets.UTF_8), null);
  }

  /**
   * Receives text of a choice.
   *
   * @param text empty only if there are log probabilities whose text is still held back
   * @param logprobs the log probabilities of the tokens received since the last text; null unless
   *     requested
   */
  void text(int choice, String text, @Nullable CompletionLogprobs logprobs);

  /** Receives a piece of reasoning, which precedes the text of a choice. */
  default void reasoning(int choice, String text) {}

  /**
   * Receives the start of a tool call.
   *
   * @param index the index of the tool call in its choice, from 0
   */
  default void toolCall(int choice, int index, String id, String name) {}

  /** Receives a piece of the arguments of a started tool call. */
  default void arguments(int choice, int index, String piece) {}

  /**
   * Receives a complete call of a custom tool.
   *
   * @param index the index of the tool call in its choice, from 0
   */
  default void customCall(int choice, int index, String id, String name, String input) {}

  /**
   * Returns whether a tool call that was cut off stays in the answer. If not, its text is content,
   * even if the call has already started.
   */
  default boolean keepsCutCalls() {
    return false;
  }

  /** Receives the end of a started tool call that was cut off, whose arguments are incomplete. */
  default void cutCall(int choice) {}

  /**
   * Receives the stop sequence at which the text of a choice ends, from the request or the model's
   * format. Called before {@link #finish}. If the model server cuts the text itself, this is called
   * only if the server reports the sequence.
   */
  default void stopSequence(int choice, String sequence) {}

  /** Receives the finish reason of a choice. */
  void finish(int choice, FinishReason reason);

  /**
   * Prepares for {@link #complete}. Called after {@link #finish} of all choices.
   *
   * @return a future that the end of the answer waits for, whether it succeeds or fails; null for
   *     none
   */
  default @Nullable CompletableFuture<?> completing(CompletionUsage usage) {
    return null;
  }

  /** Receives the end of the answer, with the token usage of all choices. */
  void complete(CompletionUsage usage);

  /**
   * Receives the failure of the answer.
   *
   * @return the failure to signal to the reader; null to complete instead
   */
  default @Nullable Throwable fail(Throwable failure) {
    return failure;
  }

  /** Emits buffered output. Called when the reader waits and no response is available. */
  default void flush() {}

  /** Called when the answer is idle while its reader waits. */
  default void idle() {}

  /** Called once, last, after the answer has completed, failed or been cancelled. */
  default void terminated() {}
}
