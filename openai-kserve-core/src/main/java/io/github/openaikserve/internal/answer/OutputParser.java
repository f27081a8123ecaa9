package io.github.openaikserve.internal.answer;

import io.github.openaikserve.chat.AnswerParser;
import io.github.openaikserve.chat.AnswerSink;
import io.github.openaikserve.internal.flow.Translator;
import io.github.openaikserve.internal.request.OutputPlan;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Splits text into reasoning, answer and calls of tools. Not thread-safe; one per generation.
 *
 * <p>Where the answer is wanted whole, a call is given on only once it is whole, so that one that
 * turns out to be none is nothing but text. A stream has shown its beginning by then: the text
 * follows.
 */
final class OutputParser implements Translator<GenerationEvent, GenerationEvent> {
  private final @Nullable AnswerParser reasoning;
  private final @Nullable AnswerParser toolCalls;
  private final OutputPlan plan;
  private final Supplier<String> ids;
  private final boolean streamed;
  private final Sink sink = new Sink();

  private final StringBuilder heldArguments = new StringBuilder();
  private @Nullable List<ChatCompletionTokenLogprob> logprobs;
  private Consumer<? super GenerationEvent> output = event -> {};
  private boolean begun;
  private boolean inCall;
  private boolean lastWasCall;
  private boolean abandoned;
  private int calls;

  /**
   * A reader of one generation.
   *
   * @param ids gives an id for each call that the model gave none
   * @param streamed whether the answer is wanted as it comes
   */
  OutputParser(OutputPlan plan, String prompt, Supplier<String> ids, boolean streamed) {
    this.plan = plan;
    this.ids = ids;
    this.streamed = streamed;
    this.reasoning = plan.reasoningParser(prompt);
    this.toolCalls = plan.toolCallParser();
  }

  @Override
  public void next(GenerationEvent event, Consumer<? super GenerationEvent> output) {
    this.output = output;
    if (event instanceof GenerationEvent.Text text) {
      begin();
      keep(text.logprobs());
      if (!text.text().isEmpty()) {
        parse(text.text());
      }
      giveLogprobs();
    } else if (event instanceof GenerationEvent.Finish finish) {
      begin();
      flush();
      giveLogprobs();
      output.accept(new GenerationEvent.Finish(reason(finish.reason()), finish.usage()));
    }
  }

  @Override
  public Throwable fail(Throwable failure, Consumer<? super GenerationEvent> output) {
    this.output = output;
    flush();
    return failure;
  }

  @Override
  public boolean done() {
    return plan.onlyOneCall() && calls > 0 && !inCall && lastWasCall;
  }

  /** What the answer was made to begin with is part of it, though the model did not write it. */
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
      reasoning.next(text, sink);
    } else {
      sink.content(text);
    }
  }

  private void flush() {
    if (reasoning != null) {
      reasoning.end(sink);
    }
    if (toolCalls != null) {
      toolCalls.end(sink.given);
    }
  }

  private FinishReason reason(FinishReason told) {
    if (calls == 0 || abandoned || (told == FinishReason.LENGTH && !lastWasCall)) {
      return told;
    }
    if (told != FinishReason.STOP && told != FinishReason.LENGTH) {
      return told;
    }
    return plan.finishReasonOfCalls();
  }

  private void keep(@Nullable List<ChatCompletionTokenLogprob> more) {
    if (more != null) {
      List<ChatCompletionTokenLogprob> all = logprobs == null ? new ArrayList<>() : logprobs;
      all.addAll(more);
      logprobs = all;
    }
  }

  /** What no text could take along: its tokens became a marker, or wait for one. */
  private void giveLogprobs() {
    if (logprobs != null) {
      output.accept(new GenerationEvent.Text("", taken()));
    }
  }

  private @Nullable List<ChatCompletionTokenLogprob> taken() {
    List<ChatCompletionTokenLogprob> all = logprobs;
    logprobs = null;
    return all;
  }

  private String newId() {
    return plan.legacyFunctions() ? "" : "call_" + ids.get();
  }

  /** Takes what the reasoning format found; its content is read for calls. */
  private final class Sink implements AnswerSink {
    final Calls given = new Calls();

    @Override
    public void content(String text) {
      if (toolCalls != null) {
        toolCalls.next(text, given);
      } else {
        given.content(text);
      }
    }

    @Override
    public void reasoning(String text) {
      given.reasoning(text);
    }

    @Override
    public void toolCall(@Nullable String id, String name) {
      given.toolCall(id, name);
    }

    @Override
    public void arguments(String piece) {
      given.arguments(piece);
    }

    @Override
    public void callEnd() {
      given.callEnd();
    }

    @Override
    public void callAbandoned(String text) {
      given.callAbandoned(text);
    }
  }

  /** Takes what was found in the end. */
  private final class Calls implements AnswerSink {
    private @Nullable String id;
    private String name = "";

    @Override
    public void content(String text) {
      if (!done()) {
        lastWasCall = lastWasCall && text.isBlank();
        output.accept(new GenerationEvent.Text(text, taken()));
      }
    }

    @Override
    public void reasoning(String text) {
      output.accept(new GenerationEvent.Reasoning(text));
    }

    @Override
    public void toolCall(@Nullable String modelsId, String function) {
      if (done()) {
        return;
      }
      inCall = true;
      String known = modelsId == null || modelsId.isEmpty() ? newId() : modelsId;
      id = plan.legacyFunctions() ? "" : known;
      name = function;
      heldArguments.setLength(0);
      if (streamed) {
        output.accept(new GenerationEvent.ToolCall(calls, known(), name));
      }
    }

    @Override
    public void arguments(String piece) {
      if (!inCall) {
        return;
      }
      if (streamed) {
        output.accept(new GenerationEvent.Arguments(calls, piece));
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
        output.accept(new GenerationEvent.ToolCall(calls, known(), name));
        output.accept(new GenerationEvent.Arguments(calls, heldArguments.toString()));
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
