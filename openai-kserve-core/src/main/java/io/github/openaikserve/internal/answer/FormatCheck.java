package io.github.openaikserve.internal.answer;

import io.github.openaikserve.error.InvalidAnswerException;
import io.github.openaikserve.internal.answer.text.CodeFence;
import io.github.openaikserve.internal.request.AnswerFormat;
import io.github.openaikserve.openai.CompletionLogprobs;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A sink that removes a code fence around the text of a choice, passes the answer on, and fails if
 * the text of a completed choice does not have the required format.
 */
final class FormatCheck implements AnswerSink {
  private final AnswerFormat format;
  private final AnswerSink sink;
  private final StringBuilder[] texts;
  private final CodeFence[] fences;
  private final boolean[] calls;

  FormatCheck(AnswerFormat format, int choices, AnswerSink sink) {
    this.format = format;
    this.sink = sink;
    this.texts = new StringBuilder[choices];
    this.fences = new CodeFence[choices];
    this.calls = new boolean[choices];
    Arrays.setAll(texts, i -> new StringBuilder());
    Arrays.setAll(fences, i -> new CodeFence());
  }

  /**
   * Checks a complete choice, unless it calls tools. Not called for a choice that was cut off at a
   * limit.
   *
   * @throws InvalidAnswerException if the text does not have the format
   */
  void check(int choice) {
    if (calls[choice]) {
      return; // the format applies only to text
    }
    String answer = texts[choice].toString();
    format
        .problem(answer)
        .ifPresent(
            problem -> {
              throw new InvalidAnswerException(problem, answer);
            });
  }

  /** Passes on the text that was held back. No more text follows. */
  void complete(int choice) {
    pass(choice, fences[choice].end(), null);
  }

  /** Passes on the text that was held back for all choices. */
  void flushHeld() {
    for (int choice = 0; choice < fences.length; choice++) {
      complete(choice);
    }
  }

  @Override
  public void text(int choice, String text, @Nullable CompletionLogprobs logprobs) {
    pass(choice, fences[choice].next(text), logprobs);
  }

  private void pass(int choice, String text, @Nullable CompletionLogprobs logprobs) {
    texts[choice].append(text);
    if (!text.isEmpty() || logprobs != null) {
      sink.text(choice, text, logprobs);
    }
  }

  @Override
  public void reasoning(int choice, String text) {
    sink.reasoning(choice, text);
  }

  @Override
  public void toolCall(int choice, int index, String id, String name) {
    complete(choice);
    calls[choice] = true;
    sink.toolCall(choice, index, id, name);
  }

  @Override
  public void arguments(int choice, int index, String piece) {
    sink.arguments(choice, index, piece);
  }

  @Override
  public void customCall(int choice, int index, String id, String name, String input) {
    complete(choice);
    calls[choice] = true;
    sink.customCall(choice, index, id, name, input);
  }

  @Override
  public boolean keepsCutCalls() {
    return sink.keepsCutCalls();
  }

  @Override
  public void cutCall(int choice) {
    sink.cutCall(choice);
  }

  @Override
  public void finish(int choice, FinishReason reason) {
    sink.finish(choice, reason);
  }

  @Override
  public void complete(CompletionUsage usage) {
    sink.complete(usage);
  }
}
