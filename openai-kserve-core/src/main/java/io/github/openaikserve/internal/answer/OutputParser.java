package io.github.openaikserve.internal.answer;

import io.github.openaikserve.chat.AnswerParser;
import io.github.openaikserve.internal.request.OutputPlan;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.CompletionLogprobs;
import io.github.openaikserve.openai.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A parser that splits the text of one choice into reasoning, text and tool calls. Not thread-safe.
 *
 * <p>A whole answer contains a tool call only once the call is complete, so that a malformed one
 * stays text. A stream has emitted its start by then: its text follows.
 */
final class OutputParser {
  private final OutputPlan plan;
  private final int choice;
  private final AnswerSink sink;
  private final Supplier<String> ids;
  private final boolean streamed;
  private final @Nullable AnswerParser reasoning;
  private final @Nullable AnswerParser toolCalls;
  private final Parts parts = new Parts();
  private final StringBuilder heldArguments = new StringBuilder();
  private @Nullable List<ChatCompletionTokenLogprob> logprobs;
  private boolean begun;
  private boolean inCall;
  private boolean lastWasCall;
  private boolean abandoned;
  private int calls;

  /**
   * Creates a parser for one choice.
   *
   * @param prompt what the model continues
   * @param ids supplies the id of a call to which the model gave none
   * @param streamed whether the answer is emitted while it is generated
   */
  OutputParser(
      OutputPlan plan,
      String prompt,
      Supplier<String> ids,
      boolean streamed,
      int choice,
      AnswerSink sink) {
    this.plan = plan;
    this.ids = ids;
    this.streamed = streamed;
    this.choice = choice;
    this.sink = sink;
    this.reasoning = plan.reasoningParser(prompt);
    this.toolCalls = plan.toolCallParser();
  }

  /** Parses text of the choice. */
  void text(String text, @Nullable CompletionLogprobs more) {
    begin();
    keep(more);
    if (!text.isEmpty()) {
      parse(text);
    }
    emitLogprobs();
  }

  /** Emits what was held, at the end of the choice. */
  void complete() {
    begin();
    flush();
    emitLogprobs();
  }

  /** Emits what was held, when the answer fails. */
  void flush() {
    if (reasoning != null) {
      reasoning.end(parts);
    }
    if (toolCalls != null) {
      toolCalls.end(parts.content);
    }
  }

  /** Returns whether the text that follows is not wanted. */
  boolean isDone() {
    return plan.onlyOneCall() && calls > 0 && !inCall && lastWasCall;
  }

  /** Returns why the choice finished, given why its text did. */
  FinishReason finishReason(FinishReason reported) {
    if (calls == 0 || abandoned || (reported == FinishReason.LENGTH && !lastWasCall)) {
      return reported;
    }
    boolean ended = reported == FinishReason.STOP || reported == FinishReason.LENGTH;
    return ended ? plan.finishReasonOfCalls() : reported;
  }

  /** The forced prefix belongs to the answer, although the model did not write it. */
  private void begin() {
    if (!begun) {
      begun = true;
      if (!plan.opening().isEmpty()) {
        parse(plan.opening());
      }
    }
  }

  private void parse(String text) {
    if (reasoning != null) {
      reasoning.next(text, parts);
    } else {
      parts.content(text);
    }
  }

  private void keep(@Nullable CompletionLogprobs more) {
    if (more != null) {
      List<ChatCompletionTokenLogprob> all = logprobs == null ? new ArrayList<>() : logprobs;
      all.addAll(more.tokens());
      logprobs = all;
    }
  }

  /** Emits log probabilities that no text took along: their tokens are part of a marker. */
  private void emitLogprobs() {
    if (logprobs != null) {
      sink.text(choice, "", takeLogprobs());
    }
  }

  private @Nullable CompletionLogprobs takeLogprobs() {
    List<ChatCompletionTokenLogprob> all = logprobs;
    logprobs = null;
    return all == null ? null : new CompletionLogprobs(all, 0);
  }

  private String newId() {
    return plan.legacyFunctions() ? "" : "call_" + ids.get();
  }

  /** Receives what the reasoning format found; its content is searched for tool calls. */
  private final class Parts implements AnswerParser.Sink {
    private final Content content = new Content();

    @Override
    public void content(String text) {
      if (toolCalls != null) {
        toolCalls.next(text, content);
      } else {
        content.content(text);
      }
    }

    @Override
    public void reasoning(String text) {
      content.reasoning(text);
    }

    @Override
    public void toolCall(@Nullable String id, String name) {
      content.toolCall(id, name);
    }

    @Override
    public void arguments(String piece) {
      content.arguments(piece);
    }

    @Override
    public void callEnd() {
      content.callEnd();
    }

    @Override
    public void callAbandoned(String text) {
      content.callAbandoned(text);
    }
  }

  /** Receives what was found in the end. */
  private final class Content implements AnswerParser.Sink {
    private @Nullable String id;
    private String name = "";

    @Override
    public void content(String text) {
      if (!isDone()) {
        lastWasCall = lastWasCall && text.isBlank();
        sink.text(choice, text, takeLogprobs());
      }
    }

    @Override
    public void reasoning(String text) {
      sink.reasoning(choice, text);
    }

    @Override
    public void toolCall(@Nullable String modelsId, String function) {
      if (isDone()) {
        return;
      }
      inCall = true;
      String known = modelsId == null || modelsId.isEmpty() ? newId() : modelsId;
      id = plan.legacyFunctions() ? "" : known;
      name = function;
      heldArguments.setLength(0);
      if (streamed) {
        sink.toolCall(choice, calls, known(), name);
      }
    }

    @Override
    public void arguments(String piece) {
      if (!inCall) {
        return;
      }
      if (streamed) {
        sink.arguments(choice, calls, piece);
      } else {
        heldArguments.append(piece);
      }
    }

    @Override
    public void callEnd() {
      if (!inCall) {
        return;
      }
      if (!streamed) {
        sink.toolCall(choice, calls, known(), name);
        sink.arguments(choice, calls, heldArguments.toString());
      }
      inCall = false;
      lastWasCall = true;
      calls++;
    }

    @Override
    public void callAbandoned(String text) {
      if (!inCall) {
        return;
      }
      inCall = false;
      if (streamed) {
        abandoned = true;
        calls++; // its index is used up
      }
      content(text);
    }

    private String known() {
      return Objects.requireNonNull(id);
    }
  }
}
