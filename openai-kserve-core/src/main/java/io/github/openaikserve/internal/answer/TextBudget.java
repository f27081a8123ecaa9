package io.github.openaikserve.internal.answer;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;

/** The budget of text that the choices of one request may still generate. Not thread-safe. */
final class TextBudget {
  private final long limit;
  private long spent;

  /**
   * Creates a budget.
   *
   * @param limit the limit in bytes of UTF-8, or in characters where only those are counted
   */
  TextBudget(long limit) {
    this.limit = limit;
  }

  /**
   * Spends a part of the budget.
   *
   * @throws BackendException if the budget is exceeded
   */
  void spend(int length) {
    spent += length;
    if (spent > limit) {
      throw new BackendException(
          BackendCode.RESPONSE_TOO_LARGE,
          "The model server generated more than %d bytes of text, the limit for one request."
              .formatted(limit));
    }
  }
}
