package io.github.openaikserve.internal.request.field;

import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import java.util.Map;

/** Checks for conflicts between the fields of a request. */
final class FieldConflicts {
  private FieldConflicts() {}

  /**
   * Checks the fields that a request and the defaults of its model set.
   *
   * @throws InvalidRequestException naming a field that conflicts with another one
   */
  static void check(Route route, RequestFields fields) {
    minimum(fields);
    constraints(fields);
    echo(route, fields);
    continuation(fields);
  }

  /**
   * Checks the minimum number of tokens. A default minimum is lowered to the request's limit of
   * tokens.
   */
  private static void minimum(RequestFields fields) {
    Map<RequestField, Object> values = fields.values();
    if (values.get(RequestField.MIN_TOKENS) instanceof Integer least
        && values.get(RequestField.MAX_TOKENS) instanceof Integer most
        && least > most) {
      if (!fields.isRequested(RequestField.MIN_TOKENS)) {
        values.put(RequestField.MIN_TOKENS, most);
        return;
      }
      throw InvalidRequestException.badValue(
          "min_tokens",
          "invalid_value",
          "Invalid 'min_tokens': expected at most max_tokens (%d), but got %d."
              .formatted(most, least));
    }
  }

  private static void constraints(RequestFields fields) {
    if (fields.values().containsKey(RequestField.STRUCTURED_OUTPUTS)
        && fields.values().containsKey(RequestField.RESPONSE_FORMAT)) {
      throw both(fields.name(RequestField.STRUCTURED_OUTPUTS), "response_format");
    }
  }

  /**
   * Checks echo together with logprobs. The log probabilities then start with those of the prompt's
   * tokens, which only a server with its own echo returns.
   */
  private static void echo(Route route, RequestFields fields) {
    if (fields.values().containsKey(RequestField.ECHO)
        && fields.values().containsKey(RequestField.LOGPROBS)
        && !route.requireDialect().carries(RequestField.ECHO)) {
      throw InvalidRequestException.badValue(
          "echo",
          "unsupported_parameter",
          "Unsupported parameter: 'echo' is not supported with 'logprobs' and model '%s', whose server does not return the log probabilities of a prompt."
              .formatted(route.id()));
    }
  }

  /** Checks that a continued message is not followed by a generation prompt. */
  private static void continuation(RequestFields fields) {
    if (!fields.values().containsKey(RequestField.CONTINUE_FINAL_MESSAGE)) {
      return;
    }
    boolean leftOut = fields.values().remove(RequestField.ADD_GENERATION_PROMPT) != null;
    if (!leftOut && fields.isRequested(RequestField.ADD_GENERATION_PROMPT)) {
      throw both("continue_final_message", "add_generation_prompt");
    }
  }

  private static InvalidRequestException both(String name, String other) {
    return InvalidRequestException.badValue(
        name,
        "invalid_value",
        "Invalid '%s': not allowed together with '%s'.".formatted(name, other));
  }
}
