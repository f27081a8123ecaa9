package io.github.openaikserve.internal.answer;

import io.github.openaikserve.chat.TokenCounter;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.GenerationDelta;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.flow.Translator;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Responses to events: decodes, puts characters together, cuts at stop sequences, counts. Not
 * thread-safe; one per call.
 */
final class GenerationDecoder implements Translator<InferResponse, GenerationEvent> {
  private final Dialect dialect;
  private final Generation generation;
  private final TokenCounter counter;
  private final @Nullable Integer tokenLimit;
  private final boolean countsTowardsLimit;
  private final @Nullable CumulativeText cumulative;
  private final Utf8Decoder characters = new Utf8Decoder();
  private final PromptEcho echo;
  private final StopSequences stops;
  private final StringBuilder wholeText = new StringBuilder();
  private final List<ChatCompletionTokenLogprob> logprobs = new ArrayList<>(0);

  private Consumer<DialectException> undecodable = failure -> {};
  private boolean trimming;
  private boolean oneResponse;
  private boolean answered;
  private @Nullable String finishWord;
  private @Nullable Integer promptTokens;
  private @Nullable Integer toldTokens;
  private int countedTokens;

  /**
   * A reader of one call's responses.
   *
   * @param tokenLimit null for none; 0 means that nothing was to be generated
   */
  GenerationDecoder(
      Dialect dialect,
      Generation generation,
      TokenCounter counter,
      List<String> stopSequences,
      @Nullable Integer tokenLimit,
      boolean trimsAnswer,
      boolean countsTowardsLimit) {
    this.dialect = dialect;
    this.generation = generation;
    this.counter = counter;
    this.cumulative = dialect.cumulativeText() ? new CumulativeText() : null;
    this.echo = new PromptEcho(dialect.echoesPrompt() ? generation.prompt() : "");
    this.stops = new StopSequences(stopSequences);
    this.tokenLimit = tokenLimit;
    this.trimming = trimsAnswer;
    this.countsTowardsLimit = countsTowardsLimit;
    this.answered = tokenLimit != null && tokenLimit == 0;
  }

  /**
   * The text of a response that says nothing else, where nothing has to be done to it if it also
   * may {@link #letPass}; when it was given on, {@link #passed} has to be said. Null where {@link
   * #next} is needed.
   */
  @Nullable Tensor onlyText(InferResponse response) {
    boolean untouched =
        cumulative == null
            && echo.isOver()
            && !trimming
            && !oneResponse
            && characters.isEmpty()
            && logprobs.isEmpty();
    return untouched ? dialect.onlyText(response) : null;
  }

  /** Whether no stop sequence can have begun in or before this text, which is in UTF-8. */
  boolean letPass(byte[] utf8, int length) {
    return stops.letPass(utf8, length);
  }

  /** What {@link #onlyText} gave was given on. */
  void passed() {
    answered = true;
    countedTokens++;
  }

  /** Sets what receives the failure of a response that cannot be decoded, before it is thrown. */
  void onUndecodable(Consumer<DialectException> listener) {
    undecodable = listener;
  }

  /** Says that one response brings the whole text, so that responses are not tokens. */
  void expectOneResponse() {
    oneResponse = true;
  }

  @Override
  public void next(InferResponse response, Consumer<? super GenerationEvent> output) {
    GenerationDelta delta = decode(response);
    answered = true;
    if (delta.promptTokens() != null) {
      promptTokens = delta.promptTokens();
    }
    if (delta.completionTokens() != null) {
      int before = toldTokens == null || dialect.cumulativeTokens() ? 0 : toldTokens;
      toldTokens = (int) Math.min(Integer.MAX_VALUE, (long) before + delta.completionTokens());
    }
    if (delta.finishReason() != null) {
      finishWord = delta.finishReason();
    }
    if (delta.logprobs() != null) {
      logprobs.addAll(delta.logprobs());
    }
    if (delta.text().hasRemaining()) {
      countedTokens++;
      String text =
          echo.next(
              characters.next(cumulative == null ? delta.text() : cumulative.next(delta.text())));
      if (oneResponse) {
        synchronized (wholeText) {
          wholeText.append(text);
        }
      }
      give(stops.next(trim(text)), output);
    }
  }

  private GenerationDelta decode(InferResponse response) {
    try {
      return dialect.decode(response);
    } catch (DialectException e) {
      undecodable.accept(e);
      throw e;
    }
  }

  @Override
  public void end(Consumer<? super GenerationEvent> output) {
    if (!answered) {
      throw new DialectException("The model server ended the stream without an answer.");
    }
    flush(output);
    output.accept(new GenerationEvent.Finish(finishReason(), usage()));
  }

  @Override
  public Throwable fail(Throwable failure, Consumer<? super GenerationEvent> output) {
    flush(output);
    return failure;
  }

  @Override
  public boolean done() {
    return stops.matched() || (countsTowardsLimit && limitReached());
  }

  private void flush(Consumer<? super GenerationEvent> output) {
    if (!stops.matched()) {
      if (cumulative != null) {
        give(stops.next(trim(echo.next(characters.next(cumulative.end())))), output);
      }
      give(stops.next(trim(echo.next(characters.end()))), output);
      give(stops.next(trim(echo.end())), output);
      give(stops.end(), output);
    }
    if (!logprobs.isEmpty()) {
      output.accept(new GenerationEvent.Text("", takenLogprobs()));
    }
  }

  private String trim(String text) {
    if (!trimming) {
      return text;
    }
    String rest = text.stripLeading();
    trimming = rest.isEmpty();
    return rest;
  }

  /** Log probabilities go with the first text that is certain after them. */
  private void give(String text, Consumer<? super GenerationEvent> output) {
    if (!text.isEmpty()) {
      output.accept(new GenerationEvent.Text(text, takenLogprobs()));
    }
  }

  private @Nullable List<ChatCompletionTokenLogprob> takenLogprobs() {
    if (logprobs.isEmpty()) {
      return null;
    }
    List<ChatCompletionTokenLogprob> taken = List.copyOf(logprobs);
    logprobs.clear();
    return taken;
  }

  private FinishReason finishReason() {
    if (stops.matched()) {
      return FinishReason.STOP;
    }
    if (finishWord != null) {
      return FinishReasons.of(finishWord);
    }
    return limitReached() ? FinishReason.LENGTH : FinishReason.STOP;
  }

  private boolean limitReached() {
    return tokenLimit != null
        && (tokenLimit == 0 || (isCounted() && completionTokens() >= tokenLimit));
  }

  /**
   * Whether the tokens of the answer are counted, and not estimated from the length of the text.
   */
  private boolean isCounted() {
    return toldTokens != null || !oneResponse || counter != TokenCounter.ESTIMATE;
  }

  /**
   * The tokens of the answer so far. Of a call that goes on any thread may ask, here and below: for
   * whole numbers and words, none of which is half written, though a moment old.
   */
  int completionTokens() {
    if (toldTokens != null) {
      return toldTokens;
    }
    if (!oneResponse) {
      return countedTokens;
    }
    synchronized (wholeText) {
      return counter.count(wholeText.toString());
    }
  }

  /** Whether a response has come, or none was needed. */
  boolean hasResponded() {
    return answered;
  }

  private CompletionUsage usage() {
    return new CompletionUsage(promptTokens(), completionTokens(), isEstimated());
  }

  /** Whether the server has not told all of what is counted. */
  boolean isEstimated() {
    return promptTokens == null || toldTokens == null;
  }

  /** The tokens of the prompt, which may have to be counted. */
  int promptTokens() {
    return promptTokens == null ? countedPrompt() : promptTokens;
  }

  private int countedPrompt() {
    return generation.value(RequestField.PROMPT_TOKEN_IDS) instanceof int[] tokens
        ? tokens.length
        : counter.count(generation.prompt());
  }
}
