package io.github.openaikserve.internal.answer;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.GenerationDelta;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.request.Prepared;
import io.github.openaikserve.internal.text.TextAutomaton;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.CompletionLogprobs;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A decoder of the responses to one choice. It assembles characters, cuts at stop sequences, counts
 * tokens, and passes the content to an {@link AnswerSink}. Not thread-safe.
 *
 * <p>Plain text reaches the sink as the bytes of its tensor, without conversion to a string.
 */
final class GenerationDecoder {
  /** The maximum number of bytes that are passed without conversion. Tokens are shorter. */
  private static final int MAX_PLAIN = 1024;

  /** The fields that the decoder emulates if there is no tensor for them. */
  private static final Set<RequestField> EMULATED =
      EnumSet.of(RequestField.MAX_TOKENS, RequestField.STOP, RequestField.STREAM);

  private Generation generation;
  private final int choice;
  private final TextBudget budget;
  private final StopSequences stops;
  private final ChoiceTokens tokens;
  private final PendingLogprobs logprobs;
  private byte[] plain = new byte[64];
  private Dialect dialect;
  private boolean countsTowardsLimit;
  private ServerText text;
  private @Nullable AnswerSink sink;
  private @Nullable OutputParser parser;
  private @Nullable ReasoningBudget reasoningBudget;
  private @Nullable CallHandle call;
  private boolean trimming;
  private @Nullable WholeText whole;
  private boolean responded;

  /** The finish reason in the server's words; null if it has sent none. */
  private @Nullable String serverReason;

  private int reasoningTokens;

  /**
   * Creates a decoder.
   *
   * @param generation the generation of this choice
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
    this.tokens = new ChoiceTokens(generation, prepared.route().tokenCounter());
    this.logprobs = new PendingLogprobs(generation);
    this.choice = choice;
    this.budget = budget;
    this.text = new ServerText(dialect, generation);
    this.stops = new StopSequences(stops);
    this.countsTowardsLimit = !dialect.carries(RequestField.MAX_TOKENS);
    this.trimming = prepared.stripLeadingWhitespace();
    this.responded = isLimitedToNothing();
  }

  /** Returns whether the token limit is zero, so that no call is needed. */
  boolean isLimitedToNothing() {
    boolean echoes =
        generation.value(RequestField.ECHO) != null && dialect.carries(RequestField.ECHO);
    return tokens.mayBeNone() && !echoes;
  }

  /** Sets the receiver of the answer. */
  void attach(Prepared prepared, Supplier<String> ids, boolean streamed, AnswerSink sink) {
    this.sink = sink;
    if (!prepared.plan().isPlainText()) {
      parser = new OutputParser(prepared.plan(), generation.prompt(), ids, streamed, choice, sink);
      reasoningBudget = ReasoningBudget.of(dialect, generation, prepared.plan());
    }
  }

  /**
   * Switches to another dialect for a repeated call.
   *
   * @return whether the request has the same meaning in both dialects; if not, nothing changes
   */
  boolean adopt(Dialect other) {
    boolean same =
        generation.fields().keySet().stream()
            .filter(field -> !EMULATED.contains(field))
            .allMatch(field -> dialect.carries(field) == other.carries(field));
    if (same) {
      dialect = other;
      countsTowardsLimit = !other.carries(RequestField.MAX_TOKENS);
      whole = null;
      tokens.expectEach();
      text = new ServerText(other, generation);
    }
    return same;
  }

  /** Sets the call, which is rejected if a response cannot be decoded. */
  void setCall(CallHandle handle) {
    call = handle;
  }

  /**
   * Declares that one response contains the whole text, so that responses are not counted as
   * tokens.
   */
  void expectOneResponse() {
    whole = tokens.expectWhole();
  }

  /**
   * Decodes a response.
   *
   * @throws DialectException if it does not follow the dialect
   */
  void decode(InferResponse response) {
    boolean reasoning = parser != null && parser.isReasoning();
    int before = parser == null || whole != null ? 0 : tokens.completion();
    if (!decodePlain(response)) {
      decodeDelta(response);
    }
    if (parser != null && whole == null && (reasoning || parser.isReasoning())) {
      reasoningTokens += Math.max(0, tokens.completion() - before);
    }
  }

  /**
   * Passes a response on without conversion if it contains only text that needs no processing.
   * Returns false otherwise.
   */
  private boolean decodePlain(InferResponse response) {
    boolean untouched = text.isUntouched() && !logprobs.matter() && !trimming && whole == null;
    Tensor found = untouched ? dialect.textOnlyDelta(response) : null;
    int length = found == null ? 0 : found.byteCount(0);
    if (found == null || length == 0 || length > MAX_PLAIN) {
      return false;
    }
    if (length > plain.length) {
      plain = new byte[MAX_PLAIN];
    }
    found.copyBytes(0, plain, 0);
    if (!Utf8Decoder.isWhole(plain, length) || !stops.canBypass(plain, length)) {
      return false;
    }
    responded = true;
    tokens.addCounted();
    budget.spend(length);
    if (reasoningBudget != null) {
      reasoningBudget.add(Utf8Decoder.string(plain, length));
    }
    if (parser == null) {
      Objects.requireNonNull(sink, "no sink is attached").text(choice, plain, length);
    } else if (!parser.emitPlain(plain, length)) {
      parser.text(Utf8Decoder.string(plain, length), null);
    }
    return true;
  }

  private void decodeDelta(InferResponse response) {
    GenerationDelta delta = delta(response);
    responded = true;
    tokens.add(delta, dialect.cumulativeTokens());
    if (delta.finishReason() != null) {
      serverReason = delta.finishReason();
    }
    if (delta.logprobs() != null) {
      budget.spend(logprobs.add(delta.logprobs()));
    }
    if (delta.text().hasRemaining()) {
      tokens.addCounted();
      String next = text.next(delta.text());
      budget.spend(next.length());
      emit(next);
    }
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
   * Ends the responses and emits the text that was held back.
   *
   * @throws DialectException if there was no response
   */
  void complete() {
    if (!responded) {
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

  /** Emits the text that was held back when the answer fails. */
  void flush() {
    flushText();
    if (parser != null) {
      parser.flush();
    }
  }

  /** Returns whether further responses are not needed. */
  boolean isDone() {
    return stops.matched()
        || (countsTowardsLimit && tokens.areComplete())
        || (parser != null && parser.isDone())
        || hasReasonedEnough();
  }

  /** Returns whether the reasoning budget requires a stream. */
  boolean needsStream() {
    return reasoningBudget != null;
  }

  private boolean hasReasonedEnough() {
    return reasoningBudget != null
        && parser != null
        && serverReason == null
        && parser.isReasoning()
        && reasoningBudget.isSpent(reasoningTokens);
  }

  /**
   * Ends reasoning that has reached its budget.
   *
   * @return the generation that continues after the reasoning; null if the choice is done
   */
  @Nullable Generation rest() {
    if (!hasReasonedEnough()
        || stops.matched()
        || tokens.areComplete()
        || parser == null
        || reasoningBudget == null) {
      return null;
    }
    passUnlessEmpty(stops.end());
    if (stops.matched()) {
      return null;
    }
    parser.text(reasoningBudget.ending(), null);
    generation = tokens.proceed(reasoningBudget.prompt());
    reasoningBudget =
        null; // reasoning is ended only once, even if the model starts reasoning again
    text = new ServerText(dialect, generation);
    serverReason = null;
    return generation;
  }

  /** Returns the number of tokens of the prompts of continuing calls. */
  int furtherPrompts() {
    return tokens.furtherPrompts();
  }

  /**
   * Returns how many tokens of {@link #furtherPrompts} the server read from its cache; null if
   * unknown.
   */
  @Nullable Integer furtherCached() {
    return tokens.furtherCached();
  }

  private void flushText() {
    if (!stops.matched()) {
      emit(text.end());
      passUnlessEmpty(stops.end());
    }
    if (!logprobs.isEmpty()) {
      pass("");
    }
  }

  private String trim(String piece) {
    if (!trimming) {
      return piece;
    }
    String rest = piece.stripLeading();
    trimming = rest.isEmpty();
    return rest;
  }

  /** Emits the part of the server's text that belongs to the answer and is certain. */
  private void emit(String piece) {
    String kept =
        whole == null
            ? piece
            : whole.add(piece, countsTowardsLimit ? tokens.textLimit() : WholeText.UNLIMITED);
    passUnlessEmpty(stops.next(trim(kept)));
  }

  private void passUnlessEmpty(String piece) {
    if (!piece.isEmpty()) {
      pass(piece);
    }
  }

  /**
   * Passes a text on with its log probabilities: those of the tokens before the text became
   * certain.
   */
  private void pass(String piece) {
    if (reasoningBudget != null) {
      reasoningBudget.add(piece);
    }
    CompletionLogprobs taken = logprobs.take(piece);
    if (parser == null) {
      Objects.requireNonNull(sink, "no sink is attached").text(choice, piece, taken);
    } else {
      parser.text(piece, taken);
    }
  }

  /**
   * Returns the finish reason of the choice.
   *
   * @throws io.github.openaikserve.error.BackendException if the server reported that it failed
   */
  FinishReason finishReason() {
    FinishReason reason = textFinishReason();
    return parser == null ? reason : parser.finishReason(reason);
  }

  /** Returns the stop sequence at which the text was cut here; null for none. */
  @Nullable String stopSequence() {
    String found = stops.sequence();
    if (found == null && parser != null) {
      found = parser.stopSequence();
    }
    return found == null && serverReason != null
        ? FinishReasons.stopSequence(serverReason, generation.value(RequestField.STOP))
        : found;
  }

  private FinishReason textFinishReason() {
    if (stops.matched()) {
      return FinishReason.STOP;
    }
    if (whole != null && whole.isCut()) {
      return FinishReason.LENGTH;
    }
    if (serverReason != null) {
      return FinishReasons.of(serverReason);
    }
    return tokens.areComplete() ? FinishReason.LENGTH : FinishReason.STOP;
  }

  /** Returns whether a response was received, or no response was needed. */
  boolean hasResponded() {
    return responded;
  }

  /** Returns the token usage so far. */
  CompletionUsage usage() {
    return tokens.usage(reasoningTokens());
  }

  /**
   * Returns the number of reasoning tokens. Estimated by its share of the text if one response
   * contains the whole text.
   */
  private int reasoningTokens() {
    return parser == null || whole == null
        ? reasoningTokens
        : (int) Math.round(tokens.completion() * parser.reasoningShare());
  }
}
