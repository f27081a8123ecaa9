package io.github.openaikserve.internal.answer;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.call.AnswerMetadata;
import io.github.openaikserve.internal.text.Utf8Text;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CompletionLogprobs;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A sink that accumulates an answer and emits the whole answer at its end.
 *
 * @param <A> the whole answer
 */
public final class Accumulator<A> implements AnswerSink {
  private final AnswerMetadata head;
  private final Consumer<? super A> output;
  private final BiFunction<Accumulator<A>, CompletionUsage, A> answer;
  private final List<Choice> choices;

  private Accumulator(
      AnswerMetadata head,
      Consumer<? super A> output,
      BiFunction<Accumulator<A>, CompletionUsage, A> answer) {
    this.head = head;
    this.output = output;
    this.answer = answer;
    this.choices = Stream.generate(Choice::new).limit(head.choices()).toList();
  }

  /** Returns an accumulator for a chat completion. */
  public static Accumulator<ChatCompletion> chat(
      AnswerMetadata head, Consumer<? super ChatCompletion> output) {
    return new Accumulator<>(head, output, Accumulator::chatCompletion);
  }

  /** Returns an accumulator for a text completion. */
  public static Accumulator<Completion> completion(
      AnswerMetadata head, Consumer<? super Completion> output) {
    return new Accumulator<>(head, output, Accumulator::completion);
  }

  /** The accumulated content of one choice. */
  private static final class Choice {
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder(0);
    private final List<Call> calls = new ArrayList<>(0);
    private @Nullable List<ChatCompletionTokenLogprob> logprobs;
    private final List<Integer> textOffsets = new ArrayList<>(0);
    private @Nullable FinishReason reason;

    FinishReason reason() {
      return Objects.requireNonNull(reason);
    }

    ChatCompletion.Message message() {
      List<ChatCompletionMessageToolCall> whole =
          calls.stream()
              .map(
                  call ->
                      new ChatCompletionMessageToolCall(
                          call.id, call.type, call.name, call.arguments.toString()))
              .toList();
      return new ChatCompletion.Message(
          text.isEmpty() && !whole.isEmpty() ? null : text.toString(),
          reasoning.isEmpty() ? null : reasoning.toString(),
          whole);
    }
  }

  private record Call(String id, String type, String name, StringBuilder arguments) {}

  @Override
  public void text(int choice, byte[] utf8, int length) {
    Utf8Text.append(choices.get(choice).text, utf8, length);
  }

  @Override
  public void text(int choice, String text, @Nullable CompletionLogprobs logprobs) {
    Choice to = choices.get(choice);
    to.text.append(text);
    if (logprobs != null) {
      List<ChatCompletionTokenLogprob> all = to.logprobs;
      if (all == null) {
        all = new ArrayList<>();
        to.logprobs = all;
      }
      all.addAll(logprobs.tokens());
      to.textOffsets.addAll(logprobs.textOffsets());
    }
  }

  @Override
  public void reasoning(int choice, String text) {
    choices.get(choice).reasoning.append(text);
  }

  @Override
  public void toolCall(int choice, int index, String id, String name) {
    choices.get(choice).calls.add(new Call(id, "function", name, new StringBuilder()));
  }

  @Override
  public void customCall(int choice, int index, String id, String name, String input) {
    choices.get(choice).calls.add(new Call(id, "custom", name, new StringBuilder(input)));
  }

  @Override
  public void arguments(int choice, int index, String piece) {
    List<Call> calls = choices.get(choice).calls;
    calls.get(calls.size() - 1).arguments.append(piece);
  }

  @Override
  public void finish(int choice, FinishReason reason) {
    choices.get(choice).reason = reason;
  }

  @Override
  public void complete(CompletionUsage usage) {
    output.accept(answer.apply(this, usage));
  }

  /** Returns the failure with the text of the first choice that was received before it. */
  @Override
  public Throwable fail(Throwable failure) {
    StringBuilder text = choices.get(0).text;
    return failure instanceof OpenAiException error && !text.isEmpty()
        ? error.withPartialText(echo(0) + text)
        : failure;
  }

  private ChatCompletion chatCompletion(CompletionUsage usage) {
    List<ChatCompletion.Choice> whole =
        IntStream.range(0, choices.size())
            .mapToObj(
                i -> {
                  Choice choice = choices.get(i);
                  return new ChatCompletion.Choice(
                      i, choice.message(), choice.reason(), choice.logprobs);
                })
            .toList();
    return new ChatCompletion(
        head.id(),
        head.created(),
        head.model(),
        whole,
        usage,
        head.droppedParams(),
        head.serviceTier(),
        head.metadata());
  }

  private Completion completion(CompletionUsage usage) {
    List<Completion.Choice> whole =
        IntStream.range(0, choices.size())
            .mapToObj(
                i -> {
                  Choice choice = choices.get(i);
                  return new Completion.Choice(
                      i, echo(i) + choice.text, choice.reason(), logprobs(i, choice));
                })
            .toList();
    return new Completion(
        head.id(), head.created(), head.model(), whole, usage, head.droppedParams());
  }

  private @Nullable CompletionLogprobs logprobs(int index, Choice choice) {
    if (choice.logprobs == null) {
      return null;
    }
    String echo = echo(index);
    return new CompletionLogprobs(choice.logprobs, choice.textOffsets)
        .after(echo.codePointCount(0, echo.length()));
  }

  private String echo(int choice) {
    return head.echoes().isEmpty() ? "" : head.echoes().get(choice);
  }
}
