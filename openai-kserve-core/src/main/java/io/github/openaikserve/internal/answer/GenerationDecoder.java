package io.github.openaikserve.internal.answer;

import io.github.openaikserve.chat.TokenCounter;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.GenerationDelta;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.request.Prepared;
import io.github.openaikserve.internal.text.TextAutomaton;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.CompletionLogprobs;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A decoder of the responses to one choice: assembles characters, cuts at stop sequences, counts
 * tokens, and passes what it finds to an {@link AnswerSink}. Not thread-safe.
 *
 * <p>A response that is plain text reaches the sink as the bytes of its tensor.
 */
final class GenerationDecoder {
  /** A token is shorter; longer text may as well become a string. */
  private static final int MAX_PLAIN = 1024;

  /** What a decoder does by itself if no tensor carries it. */
  private static final Set<RequestField> DONE_HERE =
      EnumSet.of(RequestField.MAX_TOKENS, RequestField.STOP, RequestField.STREAM);

  private final Generation generation;
  private final TokenCounter counter;
  private final int choice;
  private final TextBudget budget;
  private final @Nullable Integer tokenLimit;
  private final boolean wantsLogprobs;
  private final Utf8Decoder characters = new Utf8Decoder();
  private final StopSequences stops;
  private final TokenCounts counts = new TokenCounts();
  private final List<ChatCompletionTokenLogprob> logprobs = new ArrayList<>(0);
  private byte[] plain = new byte[64];
  private Dialect dialect;
  private boolean countsTowardsLimit;
  private @Nullable CumulativeText cumulative;
  private PromptEcho echo;
  private @Nullable AnswerSink sink;
  private @Nullable OutputParser parser;
  private @Nullable CallHandle call;
  private boolean trimming;
  private @Nullable WholeText whole;
  private boolean answered;
  private int textOffset;
  private @Nullable String finishWord;
  private @Nullable Integer promptTokens;
  private @Nullable Integer reportedTokens;
  private int countedTokens;
  private int reasoningTokens;

  /**
   * Creates a decoder.
   *
   * @param generation what this choice asks for
   * @param stops the stop sequences of the request
   * @param budget the text that the choices of the request may still generate
   */
  GenerationDecoder(
      Prepared prepared,
      Generation generation,
      int choice,
      TextAutomaton stops,
      TextBudget budget) {
    this.dialect = prepared.route().requireDialect();
    this.generation = generation;
    this.counter = prepared.route().tokenCounter();
    this.choice = choice;
    this.budget = budget;
    this.cumulative = dialect.cumulativeText() ? new CumulativeText() : null;
    this.echo = new PromptEcho(dialect.echoesPrompt() ? generation.prompt() : "");
    this.stops = new StopSequences(stops);
    this.tokenLimit = (Integer) generation.value(RequestField.MAX_TOKENS);
    this.countsTowardsLimit = !dialect.carries(RequestField.MAX_TOKENS);
    this.wantsLogprobs = Boolean.TRUE.equals(generation.value(RequestField.LOGPROBS));
    this.trimming = prepared.trimsAnswer();
    this.answered = isLimitedToNothing();
  }

  /** Returns whether no token may be generated, so that no call is needed. */
  boolean isLimitedToNothing() {
    boolean echoes =
        generation.value(RequestField.ECHO) != null && dialect.carries(RequestField.ECHO);
    return tokenLimit != null && tokenLimit == 0 && !echoes;
  }

  /** Sets what receives the answer. */
  void attach(Prepared prepared, Supplier<String> ids, boolean streamed, AnswerSink sink) {
    this.sink = sink;
    if (!prepared.plan().readsNothing()) {
      parser = new OutputParser(prepared.plan(), generation.prompt(), ids, streamed, choice, sink);
    }
  }

  /**
   * Reads the responses by another dialect, of a call that is made once more.
   *
   * @return whether what was requested means the same in both; if not, nothing changes
   */
  boolean adopt(Dialect other) {
    boolean same =
        generation.fields().keySet().stream()
            .filter(field -> !DONE_HERE.contains(field))
            .allMatch(field -> dialect.carries(field) == other.carries(field));
    if (same) {
      dialect = other;
      countsTowardsLimit = !other.carries(RequestField.MAX_TOKENS);
      whole = null;
      cumulative = other.cumulativeText() ? new CumulativeText() : null;
      echo = new PromptEcho(other.echoesPrompt() ? generation.prompt() : "");
    }
    return same;
  }

  /** Sets the call that is read, which is rejected when a response cannot be decoded. */
  void read(CallHandle handle) {
    call = handle;
  }

  /** Declares that one response contains the whole text, so that responses are not tokens. */
  void expectOneResponse() {
    whole = new WholeText(counter);
  }

  /**
   * Decodes a response.
   *
   * @throws DialectException if it does not follow the dialect
   */
  void decode(InferResponse response) {
    boolean reasoning = parser != null && parser.isReasoning();
    int before = parser == null || whole != null ? 0 : completionTokens();
    if (!decodePlain(response)) {
      decodeDelta(response);
    }
    if (parser != null && whole == null && (reasoning || parser.isReasoning())) {
      reasoningTokens += Math.max(0, completionTokens() - before);
    }
  }

  /** Decodes a response of nothing but text to which nothing has to be done; false otherwise. */
  private boolean decodePlain(InferResponse response) {
    boolean untouched =
        cumulative == null
            && !wantsLogprobs
            && !trimming
            && whole == null
            && echo.isOver()
            && characters.isEmpty()
            && logprobs.isEmpty();
    Tensor text = untouched ? dialect.onlyText(response) : null;
    int length = text == null ? 0 : text.byteCount(0);
    if (text == null || length == 0 || length > MAX_PLAIN) {
      return false;
    }
    if (length > plain.length) {
      plain = new byte[MAX_PLAIN];
    }
    text.copyBytes(0, plain, 0);
    if (!Utf8Decoder.isWhole(plain, length) || !stops.letPass(plain, length)) {
      return false;
    }
    answered = true;
    countedTokens++;
    budget.spend(length);
    if (parser == null) {
      requireSink().text(choice, plain, length);
    } else if (!parser.passes(plain, length)) {
      parser.text(Utf8Decoder.string(plain, length), null);
    }
    return true;
  }

  private void decodeDelta(InferResponse response) {
    GenerationDelta delta = delta(response);
    answered = true;
    if (delta.promptTokens() != null) {
      promptTokens = counts.reported(delta.promptTokens());
    }
    if (delta.completionTokens() != null) {
      int before = reportedTokens == null || dialect.cumulativeTokens() ? 0 : reportedTokens;
      reportedTokens = TokenCounts.sum(before, counts.reported(delta.completionTokens()));
    }
    if (delta.finishReason() != null) {
      finishWord = delta.finishReason();
    }
    if (delta.logprobs() != null) {
      logprobs.addAll(delta.logprobs());
      budget.spend(length(delta.logprobs()));
    }
    if (delta.text().hasRemaining()) {
      countedTokens++;
      String text =
          echo.next(
              characters.next(cumulative == null ? delta.text() : cumulative.next(delta.text())));
      budget.spend(text.length());
      emit(text);
    }
  }

  /** Returns what tokens and their alternatives take: a server may report them without any text. */
  private static int length(List<ChatCompletionTokenLogprob> tokens) {
    int entries = 0;
    for (ChatCompletionTokenLogprob token : tokens) {
      entries += 1 + token.topLogprobs().size();
    }
    return entries;
  }

  private GenerationDelta delta(InferResponse response) {
    try {
      return dialect.decode(response);
    } catch (DialectException e) {
      if (call != null) {
        call.reject(e);
      }
      throw e;
    }
  }

  /**
   * Emits what was held at the end of the responses.
   *
   * @throws DialectException if there was no response
   */
  void complete() {
    if (!answered) {
      throw new DialectException("The model server ended the stream without an answer.");
    }
    if (call != null) {
      call.release();
    }
    flushText();
    if (parser != null) {
      parser.complete(textFinishReason() == FinishReason.LENGTH);
    }
  }

  /** Emits what was held when the answer fails. */
  void flush() {
    flushText();
    if (parser != null) {
      parser.flush();
    }
  }

  /** Returns whether the responses that follow are not needed. */
  boolean isDone() {
    return stops.matched()
        || (countsTowardsLimit && isLimitReached())
        || (parser != null && parser.isDone());
  }

  private void flushText() {
    if (!stops.matched()) {
      if (cumulative != null) {
        emit(echo.next(characters.next(cumulative.end())));
      }
      emit(echo.next(characters.end()));
      emit(echo.end());
      passUnlessEmpty(stops.end());
    }
    if (!logprobs.isEmpty()) {
      pass("");
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

  /** Emits what of the server's text belongs to the answer and is certain. */
  private void emit(String text) {
    String kept = whole == null ? text : whole.add(text, textLimit());
    passUnlessEmpty(stops.next(trim(kept)));
  }

  /**
   * Returns the tokens that a text in one response may have. A server that receives the limit keeps
   * it, and so does an answer of which the server counts no more.
   */
  private int textLimit() {
    boolean kept =
        tokenLimit == null
            || !countsTowardsLimit
            || (reportedTokens != null && reportedTokens <= tokenLimit);
    return kept || tokenLimit == null ? WholeText.UNLIMITED : tokenLimit;
  }

  private void passUnlessEmpty(String text) {
    if (!text.isEmpty()) {
      pass(text);
    }
  }

  /** Log probabilities go with the first text that is certain after them. */
  private void pass(String text) {
    CompletionLogprobs taken =
        logprobs.isEmpty() ? null : new CompletionLogprobs(logprobs, textOffset);
    logprobs.clear();
    if (wantsLogprobs) {
      textOffset += text.codePointCount(0, text.length());
    }
    if (parser == null) {
      requireSink().text(choice, text, taken);
    } else {
      parser.text(text, taken);
    }
  }

  private AnswerSink requireSink() {
    AnswerSink current = sink;
    if (current == null) {
      throw new IllegalStateException("no sink is attached");
    }
    return current;
  }

  /**
   * Returns why the choice finished.
   *
   * @throws io.github.openaikserve.error.BackendException if the server reported that it failed
   */
  FinishReason finishReason() {
    FinishReason reason = textFinishReason();
    return parser == null ? reason : parser.finishReason(reason);
  }

  private FinishReason textFinishReason() {
    if (stops.matched()) {
      return FinishReason.STOP;
    }
    if (whole != null && whole.isCut()) {
      return FinishReason.LENGTH;
    }
    if (finishWord != null) {
      return FinishReasons.of(finishWord);
    }
    return isLimitReached() ? FinishReason.LENGTH : FinishReason.STOP;
  }

  private boolean isLimitReached() {
    return tokenLimit != null
        && (tokenLimit == 0 || (isCounted() && completionTokens() >= tokenLimit));
  }

  /** Returns whether the tokens are counted, and not estimated from the length of the text. */
  private boolean isCounted() {
    return reportedTokens != null || whole == null || counter != TokenCounter.ESTIMATE;
  }

  private int completionTokens() {
    if (reportedTokens != null) {
      return reportedTokens;
    }
    return whole == null ? countedTokens : whole.tokens();
  }

  /** Returns whether a response was received, or none was needed. */
  boolean hasResponded() {
    return answered;
  }

  /** Returns the tokens so far. */
  CompletionUsage usage() {
    boolean estimated = promptTokens == null || reportedTokens == null;
    int completion = completionTokens();
    return new CompletionUsage(promptTokens(), completion, estimated, reasoningTokens(completion));
  }

  /** Returns the tokens of the reasoning: its share of the text where one response has it all. */
  private int reasoningTokens(int completion) {
    if (parser == null || whole == null) {
      return Math.min(completion, reasoningTokens);
    }
    return (int) Math.round(completion * parser.reasoningShare());
  }

  private int promptTokens() {
    if (promptTokens != null) {
      return promptTokens;
    }
    return generation.value(RequestField.PROMPT_TOKEN_IDS) instanceof int[] tokens
        ? tokens.length
        : counter.count(generation.prompt());
  }
}
