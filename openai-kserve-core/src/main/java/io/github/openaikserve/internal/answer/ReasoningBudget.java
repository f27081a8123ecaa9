package io.github.openaikserve.internal.answer;

import io.github.openaikserve.chat.format.ReasoningFormat;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.OutputPlan;
import org.jspecify.annotations.Nullable;

/**
 * The limit of the reasoning of one choice, for a server that does not enforce it: the call is
 * cancelled, and another one continues the text behind the end of the reasoning. Not thread-safe.
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

  /** Returns the budget of a generation; null if it has none, or the server enforces it. */
  static @Nullable ReasoningBudget of(Dialect dialect, Generation generation, OutputPlan plan) {
    ReasoningFormat reasoning = plan.format().reasoning();
    return reasoning != null
            && isCutHere(dialect, generation)
            && generation.value(RequestField.THINKING_TOKEN_BUDGET) instanceof Integer tokens
        ? new ReasoningBudget(
            tokens, generation.prompt(), reasoning.ending(!plan.tools().isEmpty()))
        : null;
  }

  /** Returns whether a generation has a budget that its server does not enforce. */
  static boolean isCutHere(Dialect dialect, Generation generation) {
    return generation.value(RequestField.THINKING_TOKEN_BUDGET) != null
        && !dialect.carries(RequestField.THINKING_TOKEN_BUDGET);
  }

  /** Returns the error for a server whose answers cannot be ended and continued. */
  static InvalidRequestException refusal(Route route) {
    return InvalidRequestException.badValue(
        RequestField.THINKING_TOKEN_BUDGET.jsonName(),
        "unsupported_value",
        "Invalid 'thinking_token_budget': the server of model '%s' answers in one piece, so that its reasoning cannot be ended."
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

  /** Returns the text that ends the reasoning. */
  String ending() {
    return ending;
  }

  /** Returns what the model is to continue: the prompt, its own text and the end. */
  String prompt() {
    return text + ending;
  }
}
