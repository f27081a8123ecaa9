package io.github.openaikserve.internal.answer;

import io.github.openaikserve.chat.format.ReasoningFormat;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.OutputPlan;
import org.jspecify.annotations.Nullable;

/**
 * The reasoning budget of one choice, for servers that do not enforce it. When the budget is
 * reached, the call is cancelled and another call continues after the end of the reasoning. Not
 * thread-safe.
 */
final class ReasoningBudget {
  private final int tokens;
  private final String ending;
  private final StringBuilder text;

  private ReasoningBudget(int tokens, String prompt, String ending) {
    this.tokens = tokens;
    this.ending = ending;
    this.text = new StringBuilder(prompt);
  }

  /** Returns the budget of a generation; null if the model's reasoning has no format. */
  static @Nullable ReasoningBudget of(Generation generation, OutputPlan plan) {
    ReasoningFormat reasoning = plan.format().reasoning();
    return reasoning != null
            && generation.value(RequestField.THINKING_TOKEN_BUDGET) instanceof Integer tokens
        ? new ReasoningBudget(
            tokens, generation.prompt(), reasoning.ending(!plan.tools().isEmpty()))
        : null;
  }

  /**
   * Returns the error for a server that cannot stream, so that its reasoning cannot be ended early.
   */
  static InvalidRequestException refusal(Route route) {
    return InvalidRequestException.badValue(
        RequestField.THINKING_TOKEN_BUDGET.jsonName(),
        "unsupported_value",
        "Invalid 'thinking_token_budget': not supported for model '%s', because its server does not stream and its reasoning cannot be ended early."
            .formatted(route.id()));
  }

  /** Adds text of the model. */
  void add(String piece) {
    text.append(piece);
  }

  /** Returns whether the reasoning has reached the budget. */
  boolean isSpent(int reasoningTokens) {
    return reasoningTokens >= tokens;
  }

  /**
   * Ends the reasoning.
   *
   * @return the generation that continues after the original prompt, the model's text and the end
   *     of the reasoning
   */
  Generation end(OutputParser parser, ChoiceTokens counts) {
    parser.text(ending, null);
    return counts.proceed(text + ending);
  }
}
