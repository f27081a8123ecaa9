package io.github.openaikserve.internal.answer;

import io.github.openaikserve.chat.TokenCounter;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.GenerationDelta;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.openai.CompletionUsage;
import org.jspecify.annotations.Nullable;

/** The tokens of one choice, as its server reports them or as they are counted. Not thread-safe. */
final class ChoiceTokens {
  private final Generation generation;
  private final TokenCounter counter;
  private final @Nullable Integer limit;
  private final TokenCounts counts = new TokenCounts();
  private @Nullable WholeText whole;
  private @Nullable Integer promptTokens;
  private @Nullable Integer reported;
  private int counted;

  ChoiceTokens(Generation generation, TokenCounter counter) {
    this.generation = generation;
    this.counter = counter;
    this.limit = (Integer) generation.value(RequestField.MAX_TOKENS);
  }

  /** Declares that one response contains the whole text, so that responses are not tokens. */
  WholeText expectWhole() {
    WholeText expected = new WholeText(counter);
    whole = expected;
    return expected;
  }

  /** Declares that each response is a token. */
  void expectEach() {
    whole = null;
  }

  /** Adds what a response reports. */
  void add(GenerationDelta delta, boolean cumulative) {
    if (delta.promptTokens() != null) {
      promptTokens = counts.reported(delta.promptTokens());
    }
    if (delta.completionTokens() != null) {
      int before = reported == null || cumulative ? 0 : reported;
      reported = TokenCounts.sum(before, counts.reported(delta.completionTokens()));
    }
  }

  /** Adds a response with text. */
  void addCounted() {
    counted++;
  }

  /** Returns whether the request asks for no token. */
  boolean mayBeNone() {
    return limit != null && limit == 0;
  }

  /** Returns whether there are as many as the request asks for. */
  boolean areComplete() {
    boolean counts = reported != null || whole == null || counter != TokenCounter.ESTIMATE;
    return limit != null && (limit == 0 || (counts && completion() >= limit));
  }

  /**
   * Returns the tokens that a text in one response may have. An answer of which the server counts
   * no more than the limit keeps it.
   */
  int textLimit() {
    return limit == null || (reported != null && reported <= limit) ? WholeText.UNLIMITED : limit;
  }

  /** Returns the tokens of the answer so far. */
  int completion() {
    if (reported != null) {
      return reported;
    }
    return whole == null ? counted : whole.tokens();
  }

  /**
   * Returns the tokens so far.
   *
   * @param reasoning those of the answer that were reasoning
   */
  CompletionUsage usage(int reasoning) {
    boolean estimated = promptTokens == null || reported == null;
    int completion = completion();
    return new CompletionUsage(prompt(), completion, estimated, Math.min(completion, reasoning));
  }

  private int prompt() {
    if (promptTokens != null) {
      return promptTokens;
    }
    return generation.value(RequestField.PROMPT_TOKEN_IDS) instanceof int[] ids
        ? ids.length
        : counter.count(generation.prompt());
  }
}
