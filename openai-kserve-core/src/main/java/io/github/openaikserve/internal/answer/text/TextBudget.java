package io.github.openaikserve.internal.answer.text;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;

/** The budget of what may still be generated for one request. Not thread-safe. */
public final class TextBudget {
  private final long limit;
  private final String kind;
  private long spent;

  /**
   * Creates a budget of text.
   *
   * @param limit the limit in bytes of UTF-8, or in characters where only those are counted
   */
  public TextBudget(long limit) {
    this(limit, "text");
  }

  /**
   * Creates a budget.
   *
   * @param limit the limit in bytes
   * @param kind what is generated
   */
  public TextBudget(long limit, String kind) {
    this.limit = limit;
    this.kind = kind;
  }

  /**
   * Spends a part of the budget.
   *
   * @throws BackendException if the budget is exceeded
   */
  public void spend(int length) {
    spent += length;
    if (spent > limit) {
      throw new BackendException(
          BackendCode.RESPONSE_TOO_LARGE,
          "The model server generated more than %d bytes of %s, the limit for one request."
              .formatted(limit, kind));
    }
  }
}
