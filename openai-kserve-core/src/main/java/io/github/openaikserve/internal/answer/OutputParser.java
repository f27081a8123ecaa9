package io.github.openaikserve.internal.answer;

import io.github.openaikserve.chat.format.AnswerParser;
import io.github.openaikserve.error.InvalidAnswerException;
import io.github.openaikserve.internal.request.CustomTool;
import io.github.openaikserve.internal.request.OutputPlan;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.CompletionLogprobs;
import io.github.openaikserve.openai.FinishReason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A parser that splits the text of one choice into reasoning, text and tool calls, and cuts the
 * text at the stop sequences of the request. Not thread-safe.
 *
 * <p>A whole answer contains a tool call only once the call is complete, so that an invalid one
 * stays text; so does a stream with a call of a custom tool, whose input is inside of JSON. A
 * stream has emitted the start of a call by then: it fails if the call turns out to be invalid, and
 * the text of a call that was cut off follows its start.
 */
final class OutputParser {
  private final OutputPlan plan;
  private final int choice;
  private final AnswerSink sink;
  private final Supplier<String> ids;
  private final boolean streamed;
  private final AnswerParser parser;
  private final StopSequences stops;
  private final Parts parts = new Parts();
  private final StringBuilder heldArguments = new StringBuilder();
  private final Set<String> usedIds;
  private @Nullable List<ChatCompletionTokenLogprob> logprobs;
  private boolean begun;
  private boolean inCall;
  private boolean lastWasCall;
  private boolean abandoned;
  private int calls;
  private long characters;
  private long reasoningCharacters;

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
    this.usedIds = new HashSet<>(plan.usedIds());
    this.stops = new StopSequences(plan.stops());
    String model = prompt.substring(0, prompt.length() - plan.opening().length());
    this.parser = plan.parser(model);
  }

  /** Parses text of the choice. */
  void text(String text, @Nullable CompletionLogprobs more) {
    begin();
    keep(more);
    characters += text.length();
    if (!text.isEmpty()) {
      parser.next(text, parts);
    }
    emitLogprobs();
  }

  /**
   * Emits text of the choice as it is.
   *
   * @return false if it has to be parsed
   */
  boolean passes(byte[] utf8, int length) {
    boolean plain =
        begun
            && logprobs == null
            && !isDone()
            && parser.isContent(utf8, length)
            && stops.letPass(utf8, length);
    if (plain) {
      lastWasCall = false;
      sink.text(choice, utf8, length);
    }
    return plain;
  }

  /**
   * Emits what was held, at the end of the choice.
   *
   * @param cut whether the text was cut off at a limit
   */
  void complete(boolean cut) {
    begin();
    parser.end(parts, cut);
    parts.endContent();
    emitLogprobs();
  }

  /** Emits what was held, when the answer fails. */
  void flush() {
    parser.end(parts, true);
    parts.endContent();
  }

  /** Returns whether the text that follows is reasoning until a marker ends it. */
  boolean isReasoning() {
    return parser.isReasoning();
  }

  /** Returns which part of the text so far is reasoning, from 0 to 1. */
  double reasoningShare() {
    return characters == 0 ? 0 : Math.min(1, (double) reasoningCharacters / characters);
  }

  /** Returns whether the text that follows is not wanted. */
  boolean isDone() {
    return stops.matched() || (plan.onlyOneCall() && calls > 0 && !inCall && lastWasCall);
  }

  /** Returns the stop sequence that ended the content; null if none did. */
  @Nullable String stopSequence() {
    return stops.sequence();
  }

  /** Returns why the choice finished, given why its text did. */
  FinishReason finishReason(FinishReason reported) {
    if (stops.matched()) {
      return FinishReason.STOP;
    }
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
        parser.next(plan.opening(), parts);
      }
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

  /** Returns the model's id of a call, or a new one: ids do not repeat in a conversation. */
  private String id(@Nullable String modelsId) {
    if (plan.legacyFunctions()) {
      return "";
    }
    return modelsId != null && !modelsId.isEmpty() && usedIds.add(modelsId)
        ? modelsId
        : "call_" + ids.get();
  }

  /** Receives the parts of the text. */
  private final class Parts implements AnswerParser.Sink {
    private @Nullable String id;
    private String name = "";
    private @Nullable CustomTool custom;
    private boolean emitted;

    @Override
    public void content(String text) {
      if (!isDone()) {
        emit(stops.next(text));
      }
    }

    private void emit(String text) {
      if (!text.isEmpty()) {
        lastWasCall = lastWasCall && text.isBlank();
        sink.text(choice, text, takeLogprobs());
      }
    }

    /** Emits text that was held because a stop sequence may begin with it. */
    void endContent() {
      emit(stops.end());
    }

    @Override
    public void reasoning(String text) {
      endContent();
      reasoningCharacters += text.length();
      if (!isDone()) {
        sink.reasoning(choice, text);
      }
    }

    @Override
    public void toolCall(@Nullable String modelsId, String function) {
      endContent();
      if (isDone()) {
        return;
      }
      inCall = true;
      id = modelsId;
      name = function;
      custom = plan.customTools().get(function);
      emitted = streamed && custom == null;
      heldArguments.setLength(0);
      if (emitted) {
        sink.toolCall(choice, calls, id(modelsId), name);
      }
    }

    @Override
    public void arguments(String piece) {
      if (!inCall) {
        return;
      }
      if (emitted) {
        sink.arguments(choice, calls, piece);
      } else {
        heldArguments.append(piece);
      }
    }

    @Override
    public void callEnd(@Nullable String lateId) {
      if (!inCall) {
        return;
      }
      if (!emitted) {
        emitCall(id(id == null ? lateId : id), heldArguments.toString());
      }
      inCall = false;
      lastWasCall = true;
      calls++;
    }

    private void emitCall(String callId, String arguments) {
      if (custom == null) {
        sink.toolCall(choice, calls, callId, name);
        sink.arguments(choice, calls, arguments);
      } else {
        sink.customCall(choice, calls, callId, name, custom.input(arguments));
      }
    }

    @Override
    public void callAbandoned(String text, boolean cut) {
      if (!inCall) {
        return;
      }
      inCall = false;
      if (emitted && !cut) {
        throw new InvalidAnswerException(
            "The model wrote a call of '%s' whose arguments are not valid.".formatted(name), text);
      }
      if (emitted) {
        abandoned = true;
        calls++; // its index is used up
        if (sink.keepsCutCalls()) {
          return;
        }
      }
      content(text);
    }
  }
}
