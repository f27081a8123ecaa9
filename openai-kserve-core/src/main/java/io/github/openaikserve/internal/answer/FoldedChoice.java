package io.github.openaikserve.internal.answer;

import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionMessageToolCallChunk;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the chunks of one choice have added up to so far. Not thread-safe. */
final class FoldedChoice {
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final List<ChatCompletionMessageToolCallChunk> calls = new ArrayList<>(0);
  private final List<StringBuilder> arguments = new ArrayList<>(0);
  private @Nullable List<ChatCompletionTokenLogprob> logprobs;
  private @Nullable FinishReason finishReason;

  /** The choice of that index, made if it is new. */
  static FoldedChoice at(int index, List<FoldedChoice> choices) {
    while (choices.size() <= index) {
      choices.add(new FoldedChoice());
    }
    return choices.get(index);
  }

  void addText(@Nullable String piece, @Nullable FinishReason reason) {
    if (piece != null) {
      text.append(piece);
    }
    if (reason != null) {
      finishReason = reason;
    }
  }

  /** Adds text; false, and nothing happened, if it is not all ASCII. */
  boolean addAscii(byte[] utf8, int length) {
    for (int i = 0; i < length; i++) {
      if (utf8[i] < 0) {
        return false;
      }
    }
    for (int i = 0; i < length; i++) {
      text.append((char) utf8[i]);
    }
    return true;
  }

  void addReasoning(@Nullable String piece) {
    if (piece != null) {
      reasoning.append(piece);
    }
  }

  void addCall(ChatCompletionMessageToolCallChunk piece) {
    if (piece.name() != null) {
      calls.add(piece);
      arguments.add(new StringBuilder());
    }
    arguments.get(arguments.size() - 1).append(piece.arguments());
  }

  void addLogprobs(@Nullable List<ChatCompletionTokenLogprob> more) {
    if (more != null) {
      List<ChatCompletionTokenLogprob> all = logprobs == null ? new ArrayList<>() : logprobs;
      all.addAll(more);
      logprobs = all;
    }
  }

  String text() {
    return text.toString();
  }

  /** What the assistant says; without text where there are nothing but calls. */
  ChatCompletion.Message message() {
    List<ChatCompletionMessageToolCall> whole = new ArrayList<>(calls.size());
    for (int i = 0; i < calls.size(); i++) {
      ChatCompletionMessageToolCallChunk call = calls.get(i);
      whole.add(
          new ChatCompletionMessageToolCall(
              Objects.requireNonNull(call.id()),
              Objects.requireNonNull(call.name()),
              arguments.get(i).toString()));
    }
    return new ChatCompletion.Message(
        text.isEmpty() && !whole.isEmpty() ? null : text(),
        reasoning.isEmpty() ? null : reasoning.toString(),
        whole);
  }

  @Nullable List<ChatCompletionTokenLogprob> logprobs() {
    return logprobs;
  }

  FinishReason finishReason() {
    if (finishReason == null) {
      throw new DialectException("The answer ended without a finish reason.");
    }
    return finishReason;
  }

  /** The failure with the text of the first choice that had come before it. */
  static Throwable withPartialText(Throwable failure, List<FoldedChoice> choices) {
    return failure instanceof OpenAiException told && !choices.isEmpty()
        ? told.withPartialText(choices.get(0).text())
        : failure;
  }
}
