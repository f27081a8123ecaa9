package io.github.openaikserve.internal.answer;

import io.github.openaikserve.chat.format.AnswerParser;
import io.github.openaikserve.error.InvalidAnswerException;
import io.github.openaikserve.internal.answer.text.StopSequences;
import io.github.openaikserve.internal.answer.text.Utf8Decoder;
import io.github.openaikserve.internal.request.CustomTool;
import io.github.openaikserve.internal.request.OutputPlan;
import io.github.openaikserve.internal.text.TextAutomaton;
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
 * A parser that splits the text of one choice into reasoning, content and tool calls, and cuts the
 * content at the request's stop sequences. Not thread-safe.
 *
 * <p>In a whole answer, a tool call is emitted only when it ends, so an invalid call remains text.
 * The same applies to streamed calls of custom tools, whose input is inside JSON. In a stream, the
 * start of a function call is emitted immediately. If the call then proves invalid, the stream
 * fails. If a call is cut off, its text is content, unless the sink keeps such calls.
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
   * @param prompt the prompt that the model continues
   * @param cuts the stop sequences at which the content is cut
   * @param ids supplies ids for tool calls without an id from the model
   * @param streamed whether the answer is emitted while it is generated
   */
  OutputParser(
      OutputPlan plan,
      String prompt,
      TextAutomaton cuts,
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
    this.stops = new StopSequences(cuts);
    String model = prompt.substring(0, prompt.length() - plan.opening().length());
    this.parser = plan.parser(model);
  }

  /** Parses text of the choice. */
  void text(String text, @Nullable CompletionLogprobs more) {
    parseOpening();
    keep(more);
    characters += text.length();
    if (!text.isEmpty()) {
      parser.next(text, parts);
    }
    emitLogprobs();
  }

  /**
   * Emits text of the choice without parsing, if it is certain to be content.
   *
   * @return false if the text must be parsed
   */
  boolean emitPlain(byte[] utf8, int length) {
    if (!begun || logprobs != null || isDone() || !parser.isContent(utf8, length)) {
      return false;
    }
    int certain = stops.next(utf8, length);
    if (certain > 0) {
      byte[] text = stops.certain();
      lastWasCall = lastWasCall && Utf8Decoder.string(text, certain).isBlank();
      sink.text(choice, text, certain);
    }
    return true;
  }

  /**
   * Ends the choice and emits the text that was held back.
   *
   * @param cut whether the text was cut off at a limit
   */
  void complete(boolean cut) {
    parseOpening();
    parser.end(parts, cut);
    parts.endContent();
    emitLogprobs();
  }

  /** Emits the text that was held back when the answer fails. */
  void flush() {
    parser.end(parts, true);
    parts.endContent();
  }

  /** Returns whether the following text is reasoning. */
  boolean isReasoning() {
    return parser.isReasoning();
  }

  /** Returns the fraction of the text so far that is reasoning, from 0 to 1. */
  double reasoningShare() {
    return characters == 0 ? 0 : Math.min(1, (double) reasoningCharacters / characters);
  }

  /** Returns whether further text is not needed. */
  boolean isDone() {
    return stops.matched() || (plan.onlyOneCall() && calls > 0 && !inCall && lastWasCall);
  }

  /** Returns the stop sequence at which the content was cut; null for none. */
  @Nullable String stopSequence() {
    return stops.sequence();
  }

  /** Returns the finish reason of the choice, given that of its text. */
  FinishReason finishReason(FinishReason ofText) {
    FinishReason reported = stops.matched() ? FinishReason.STOP : ofText;
    if (stops.matched() && plan.stops().contains(stops.sequence())) {
      return reported;
    }
    if (calls == 0 || abandoned || (reported == FinishReason.LENGTH && !lastWasCall)) {
      return reported;
    }
    boolean ended = reported == FinishReason.STOP || reported == FinishReason.LENGTH;
    return ended ? plan.finishReasonOfCalls() : reported;
  }

  /** Parses the forced prefix, which belongs to the answer although the model did not write it. */
  private void parseOpening() {
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

  /** Emits log probabilities without a text, because their tokens are part of a marker. */
  private void emitLogprobs() {
    if (logprobs != null) {
      sink.text(choice, "", takeLogprobs());
    }
  }

  private @Nullable CompletionLogprobs takeLogprobs() {
    List<ChatCompletionTokenLogprob> all = logprobs;
    logprobs = null;
    return all == null ? null : new CompletionLogprobs(all, List.of()); // a chat has no offsets
  }

  /**
   * Returns the model's id of a tool call, or a new one if the model's id is missing or already
   * used in the conversation.
   */
  private String id(@Nullable String modelsId) {
    if (plan.legacyFunctions()) {
      return "";
    }
    return modelsId != null && !modelsId.isEmpty() && usedIds.add(modelsId)
        ? modelsId
        : "call_" + ids.get();
  }

  /** The receiver of the parsed parts of the text. */
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

    /** Emits content that was held back because a stop sequence may begin with it. */
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
    public void invalidCall(String text, boolean cut) {
      if (!inCall) {
        return;
      }
      inCall = false;
      if (emitted && !cut) {
        throw new InvalidAnswerException(
            "The model wrote a call of the tool '%s' with invalid arguments.".formatted(name),
            text);
      }
      boolean kept = cut && custom == null && sink.keepsCutCalls();
      if (kept && !emitted) {
        emitCall(id(id), heldArguments.toString());
      }
      if (kept || emitted) {
        abandoned = true;
        calls++; // its index is used up
        sink.cutCall(choice);
      }
      if (!kept) {
        content(text);
      }
    }
  }
}
