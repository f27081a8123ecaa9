package io.github.openaikserve.internal.answer;

import io.github.openaikserve.chat.TokenCounter;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.GenerationDelta;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.openai.CompletionUsage;
import org.jspecify.annotations.Nullable;

/** The tokens of one choice, as its server reports them or as they are counted. Not thread-safe. */
final class ChoiceTokens {
  private Generation generation;
  private final TokenCounter counter;
  private final @Nullable Integer limit;
  private final TokenCounts counts = new TokenCounts();
  private @Nullable WholeText whole;
  private @Nullable Integer promptTokens;
  private @Nullable Integer cachedTokens;
  private @Nullable Integer reported;
  private int counted;

  /** What a call generated that another one continues. */
  private int earlier;

  private int earlierPrompt;
  private @Nullable Integer earlierCached;
  private boolean continued;
  private boolean earlierEstimated;

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

  /**
   * Begins the count of a call that continues the text.
   *
   * @param prompt the prompt of that call
   * @return its generation, with what is left of the limits
   */
  Generation proceed(String prompt) {
    earlierEstimated = isEstimated();
    earlierPrompt = prompt();
    earlierCached = cached();
    earlier = completion();
    continued = true;
    promptTokens = null;
    cachedTokens = null;
    reported = null;
    counted = 0;
    generation = generation.with(RequestField.PROMPT, prompt);
    if (limit != null) {
      generation = generation.with(RequestField.MAX_TOKENS, limit - earlier);
    }
    if (generation.value(RequestField.MIN_TOKENS) instanceof Integer least) {
      generation = generation.with(RequestField.MIN_TOKENS, Math.max(0, least - earlier));
    }
    return generation;
  }

  /** Adds what a response reports. */
  void add(GenerationDelta delta, boolean cumulative) {
    if (delta.promptTokens() != null) {
      promptTokens = counts.reported(delta.promptTokens());
    }
    if (delta.cachedTokens() != null) {
      cachedTokens = counts.reported(delta.cachedTokens());
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
      return TokenCounts.sum(earlier, reported);
    }
    return TokenCounts.sum(earlier, whole == null ? counted : whole.tokens());
  }

  private boolean isEstimated() {
    return earlierEstimated || promptTokens == null || reported == null;
  }

  /** Returns the tokens of the prompts after the first one, which each choice has for itself. */
  int furtherPrompts() {
    return continued ? prompt() : 0;
  }

  /** Returns those of {@link #furtherPrompts} that the server had in its cache; null if unknown. */
  @Nullable Integer furtherCached() {
    return continued ? cached() : null;
  }

  /**
   * Returns the tokens so far.
   *
   * @param reasoning those of the answer that were reasoning
   */
  CompletionUsage usage(int reasoning) {
    int completion = completion();
    int prompt = continued ? earlierPrompt : prompt();
    return new CompletionUsage(
        prompt,
        completion,
        isEstimated(),
        Math.min(completion, reasoning),
        continued ? earlierCached : cached());
  }

  private @Nullable Integer cached() {
    return cachedTokens == null ? null : Math.min(cachedTokens, prompt());
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
