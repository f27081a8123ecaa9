package io.github.openaikserve.internal.answer;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.GenerationDelta;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.answer.text.ServerText;
import io.github.openaikserve.internal.answer.text.StopSequences;
import io.github.openaikserve.internal.answer.text.TextBudget;
import io.github.openaikserve.internal.answer.text.Utf8Decoder;
import io.github.openaikserve.internal.request.Prepared;
import io.github.openaikserve.internal.text.TextAutomaton;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.openai.CompletionLogprobs;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A decoder of the responses to one choice. It assembles characters, cuts at stop sequences, counts
 * tokens, and passes the content to an {@link AnswerSink}. Not thread-safe.
 *
 * <p>Plain text reaches the sink as the bytes of its tensor, without conversion to a string.
 */
final class GenerationDecoder {
  private Generation generation;
  private final int choice;
  private final TextBudget budget;
  private final ChoiceTokens tokens;
  private Dialect dialect;
  private final ServerText text;
  private @Nullable PendingLogprobs logprobs;
  private @Nullable AnswerSink sink;
  private @Nullable OutputParser parser;
  private @Nullable ReasoningBudget reasoningBudget;
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
    this.tokens = new ChoiceTokens(generation, prepared.route().tokenCounter(), dialect);
    this.logprobs =
        Boolean.TRUE.equals(generation.value(RequestField.LOGPROBS))
            ? new PendingLogprobs(generation)
            : null;
    this.choice = choice;
    this.budget = budget;
    this.text =
        new ServerText(
            dialect, generation, new StopSequences(stops), prepared.stripLeadingWhitespace());
    this.responded = tokens.areNone();
  }

  /**
   * Sets the receiver of the content.
   *
   * @param cuts the stop sequences that apply only to the content of parsed text
   */
  void attach(
      Prepared prepared,
      Supplier<String> ids,
      boolean streamed,
      TextAutomaton cuts,
      AnswerSink sink) {
    this.sink = sink;
    if (!prepared.plan().isPlainText()) {
      parser =
          new OutputParser(prepared.plan(), generation.prompt(), cuts, ids, streamed, choice, sink);
      if (GenerationCall.enforcesReasoningBudget(dialect, generation)) {
        reasoningBudget = ReasoningBudget.of(generation, prepared.plan());
      }
    }
  }

  /** Switches to another dialect for a repeated call. */
  void adopt(Dialect other) {
    dialect = other;
    tokens.adopt(other);
    text.expect(null);
    text.continueWith(other, generation);
  }

  /**
   * Declares that one response contains the whole text, so that responses are not counted as
   * tokens.
   */
  void expectOneResponse() {
    text.expect(tokens.expectWhole());
  }

  /**
   * Decodes a response.
   *
   * @throws DialectException if it does not follow the dialect
   */
  void decode(InferResponse response) {
    boolean reasoning = isReasoning();
    int before = parser == null || text.isWhole() ? 0 : tokens.completion();
    if (!decodePlain(response)) {
      decodeDelta(response);
    }
    if (!text.isWhole() && (reasoning || isReasoning())) {
      reasoningTokens += Math.max(0, tokens.completion() - before);
    }
  }

  private boolean isReasoning() {
    return parser != null && parser.isReasoning();
  }

  /**
   * Emits the text of a response that contains only text, without conversion if it needs no
   * processing. Returns false for other responses.
   */
  private boolean decodePlain(InferResponse response) {
    int copied = logprobs == null ? text.copyPlain(dialect, response) : 0;
    if (copied == 0) {
      return false;
    }
    responded = true;
    tokens.addCounted();
    budget.spend(copied);
    int length = text.cutPlain(copied);
    if (length > 0) {
      passPlain(text.certain(), length);
    }
    return true;
  }

  private void passPlain(byte[] utf8, int length) {
    if (reasoningBudget != null) {
      reasoningBudget.add(Utf8Decoder.string(utf8, length));
    }
    if (parser == null) {
      Objects.requireNonNull(sink, "no sink is attached").text(choice, utf8, length);
    } else if (!parser.emitPlain(utf8, length)) {
      parser.text(Utf8Decoder.string(utf8, length), null);
    }
  }

  private void decodeDelta(InferResponse response) {
    GenerationDelta delta = dialect.decode(response);
    responded = true;
    tokens.add(delta, dialect.cumulativeTokens());
    if (delta.finishReason() != null) {
      serverReason = delta.finishReason();
    }
    boolean hasText = delta.text().hasRemaining();
    String next = hasText ? text.decode(delta.text()) : "";
    if (delta.logprobs() != null) {
      logprobs = logprobs == null ? new PendingLogprobs(generation) : logprobs;
      budget.spend(logprobs.add(delta.logprobs(), next));
    } else if (logprobs != null) {
      logprobs.add(List.of(), next);
    }
    if (hasText) {
      tokens.addCounted();
      budget.spend(next.length());
      emit(next);
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
    return text.isStopped()
        || tokens.mustStop()
        || (parser != null && parser.isDone())
        || hasReasonedEnough();
  }

  /** Returns whether the reasoning budget requires a stream. */
  boolean needsStream() {
    return reasoningBudget != null;
  }

  private boolean hasReasonedEnough() {
    return reasoningBudget != null
        && serverReason == null
        && isReasoning()
        && reasoningBudget.isSpent(reasoningTokens);
  }

  /**
   * Ends reasoning that has reached its budget.
   *
   * @return the generation that continues after the reasoning; null if the choice is done
   */
  @Nullable Generation rest() {
    if (!hasReasonedEnough()
        || text.isStopped()
        || tokens.areComplete()
        || parser == null
        || reasoningBudget == null) {
      return null;
    }
    passUnlessEmpty(text.end());
    if (text.isStopped()) {
      return null;
    }
    generation = reasoningBudget.end(parser, tokens);
    reasoningBudget =
        null; // reasoning is ended only once, even if the model starts reasoning again
    text.continueWith(dialect, generation);
    serverReason = null;
    return generation;
  }

  ChoiceTokens tokens() {
    return tokens;
  }

  private void flushText() {
    if (!text.isStopped()) {
      emit(text.decodeEnd());
      passUnlessEmpty(text.end());
    }
    if (logprobs != null && !logprobs.isEmpty()) {
      pass("");
    }
  }

  /** Emits the part of the server's text that belongs to the answer and is certain. */
  private void emit(String piece) {
    passUnlessEmpty(text.cut(piece, tokens.textLimit()));
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
    CompletionLogprobs taken = logprobs == null ? null : logprobs.take();
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
    if (text.isStopped()) {
      return text.stopSequence();
    }
    String found = parser == null ? null : parser.stopSequence();
    return found == null && serverReason != null
        ? FinishReasons.stopSequence(serverReason, generation.value(RequestField.STOP))
        : found;
  }

  private FinishReason textFinishReason() {
    if (text.isStopped()) {
      return FinishReason.STOP;
    }
    if (text.isCut()) {
      return FinishReason.LENGTH;
    }
    return serverReason == null ? tokens.finishReason() : FinishReasons.of(serverReason);
  }

  /** Returns whether a response was received, or no response was needed. */
  boolean hasResponded() {
    return responded;
  }

  /**
   * Returns the token usage so far. If one response contains the whole text, its reasoning tokens
   * are estimated.
   */
  CompletionUsage usage() {
    return tokens.usage(
        parser != null && text.isWhole()
            ? (int) Math.round(tokens.completion() * parser.reasoningShare())
            : reasoningTokens);
  }
}
