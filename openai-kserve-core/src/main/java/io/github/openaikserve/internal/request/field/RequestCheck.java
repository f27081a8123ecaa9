package io.github.openaikserve.internal.request.field;

import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.resilience.RequestLimits;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks of requests against the limits of a service and for conflicts between fields, with
 * OpenAI's error messages.
 */
public final class RequestCheck {
  private static final String METADATA = RequestField.METADATA.jsonName();

  /** The number of digits of the largest int. */
  private static final int MAX_DIGITS = 10;

  private RequestCheck() {}

  /**
   * Checks a chat request.
   *
   * @throws InvalidRequestException naming the field and the limit
   */
  public static void check(
      RequestLimits limits, CreateChatCompletionRequest request, boolean legacyFunctions) {
    array("messages", request.messages(), limits.messages());
    array(legacyFunctions ? "functions" : "tools", request.tools(), limits.tools());
    if (request.extra().get(METADATA) instanceof Map<?, ?> metadata) {
      object(METADATA, metadata, limits.metadata());
    }
    choices(request.n(), limits);
  }

  /**
   * Checks a completion request.
   *
   * @throws InvalidRequestException naming the field and the limit
   */
  public static void check(RequestLimits limits, CreateCompletionRequest request) {
    length("prompt", request.prompt().size(), limits.prompts());
    choices(request.n(), limits);
    int perPrompt = request.n() == null ? 1 : request.n();
    if ((long) request.prompt().size() * perPrompt > limits.allChoices()) {
      throw InvalidRequestException.badValue(
          "prompt",
          "array_above_max_length",
          "Invalid 'prompt': more than %d completions in one request."
              .formatted(limits.allChoices()));
    }
  }

  /**
   * Checks the generation fields.
   *
   * @throws InvalidRequestException naming the field and the limit
   */
  public static void check(RequestLimits limits, Map<RequestField, Object> fields) {
    if (fields.get(RequestField.STOP) instanceof List<?> stops) {
      array("stop", stops, limits.stops());
      for (int i = 0; i < stops.size(); i++) {
        stopLength("stop[" + i + "]", String.valueOf(stops.get(i)).length(), limits.stopLength());
      }
    }
    if (fields.get(RequestField.LOGIT_BIAS) instanceof Map<?, ?> bias) {
      tokenIds(RequestField.LOGIT_BIAS.jsonName(), bias.keySet());
      object(RequestField.LOGIT_BIAS.jsonName(), bias, limits.logitBias());
    }
  }

  /**
   * Checks the keys of an object whose keys must be token ids.
   *
   * @throws InvalidRequestException naming the field if a key is not a token id
   */
  static void tokenIds(String param, Collection<?> keys) {
    for (Object key : keys) {
      if (!(key instanceof String id) || !isTokenId(id)) {
        throw InvalidRequestException.badValue(
            param,
            "invalid_value",
            "Invalid key in '%s': '%s'. You should only be submitting non-negative integers."
                .formatted(param, InvalidRequestException.shown(String.valueOf(key))));
      }
    }
  }

  private static boolean isTokenId(String key) {
    if (key.isEmpty()
        || key.length() > MAX_DIGITS
        || !key.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return false;
    }
    return Long.parseLong(key) <= Integer.MAX_VALUE;
  }

  /**
   * Checks the number of inputs of a request answered by tensors.
   *
   * @throws InvalidRequestException naming the field and the limit
   */
  public static void inputs(RequestLimits limits, int inputs, String param) {
    length(param, inputs, limits.inputs());
  }

  private static void array(String param, @Nullable Collection<?> values, int max) {
    length(param, values == null ? 0 : values.size(), max);
  }

  private static void length(String param, int length, int max) {
    if (length > max) {
      throw InvalidRequestException.badValue(
          param,
          "array_above_max_length",
          "Invalid '%s': array too long. Expected an array with maximum length %d, but got an array with length %d instead."
              .formatted(param, max, length));
    }
  }

  private static void stopLength(String param, int length, int max) {
    if (length > max) {
      throw InvalidRequestException.badValue(
          param,
          "string_above_max_length",
          "Invalid '%s': string too long. Expected a string with maximum length %d, but got a string with length %d instead."
              .formatted(param, max, length));
    }
  }

  private static void object(String param, Map<?, ?> entries, int max) {
    if (entries.size() > max) {
      throw InvalidRequestException.badValue(
          param,
          "object_above_max_properties",
          "Invalid '%s': too many properties. Expected an object with at most %d properties, but got an object with %d properties instead."
              .formatted(param, max, entries.size()));
    }
  }

  private static void choices(@Nullable Integer n, RequestLimits limits) {
    if (n != null && n > limits.choices()) {
      throw InvalidRequestException.badValue(
          "n",
          "integer_above_max_value",
          "Invalid 'n': integer above maximum value. Expected a value <= %d, but got %d instead."
              .formatted(limits.choices(), n));
    }
  }

  /**
   * Checks for conflicts between the fields that a request and the defaults of its model set. A
   * default that conflicts with the request gives way.
   *
   * @throws InvalidRequestException naming a field that conflicts with another one
   */
  static void conflicts(Route route, RequestFields fields) {
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
