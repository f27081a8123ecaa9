package io.github.openaikserve.internal.engine;

import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks of a generation, without what changes nothing: a penalty of 0, one answer,
 * text as the format.
 */
final class RequestFields {
  private final Map<RequestField, Object> fields = new EnumMap<>(RequestField.class);

  private RequestFields() {}

  static Map<RequestField, Object> of(CreateChatCompletionRequest request) {
    var fields = new RequestFields();
    fields.put(RequestField.MAX_TOKENS, request.tokenLimit());
    fields.put(RequestField.TEMPERATURE, request.temperature());
    fields.put(RequestField.TOP_P, request.topP());
    fields.put(RequestField.SEED, request.seed());
    fields.putUnless(1, RequestField.N, request.n());
    fields.putUnless(0.0, RequestField.PRESENCE_PENALTY, request.presencePenalty());
    fields.putUnless(0.0, RequestField.FREQUENCY_PENALTY, request.frequencyPenalty());
    fields.putUnless(Map.of(), RequestField.LOGIT_BIAS, request.logitBias());
    fields.putUnless(false, RequestField.LOGPROBS, request.logprobs());
    fields.put(RequestField.REASONING_EFFORT, request.reasoningEffort());
    fields.putUnless(
        Map.of("type", "text"), RequestField.RESPONSE_FORMAT, request.responseFormat());
    if (!"none".equals(request.toolChoice())) {
      fields.putUnless(List.of(), RequestField.TOOLS, request.tools());
    }
    fields.putUnless(List.of("text"), RequestField.MODALITIES, request.extra().get("modalities"));
    fields.putExtensions(request.extra());
    return fields.fields;
  }

  static Map<RequestField, Object> of(CreateCompletionRequest request) {
    var fields = new RequestFields();
    fields.put(RequestField.MAX_TOKENS, request.tokenLimit());
    fields.put(RequestField.TEMPERATURE, request.temperature());
    fields.put(RequestField.TOP_P, request.topP());
    fields.put(RequestField.SEED, request.seed());
    fields.putUnless(1, RequestField.N, request.n());
    Integer bestOf = request.bestOf();
    fields.put(RequestField.BEST_OF, bestOf == null || bestOf <= 1 ? null : bestOf);
    fields.putUnless(0.0, RequestField.PRESENCE_PENALTY, request.presencePenalty());
    fields.putUnless(0.0, RequestField.FREQUENCY_PENALTY, request.frequencyPenalty());
    fields.putUnless(Map.of(), RequestField.LOGIT_BIAS, request.logitBias());
    fields.put(RequestField.LOGPROBS, request.logprobs());
    fields.putUnless("", RequestField.SUFFIX, request.suffix());
    fields.putUnless(false, RequestField.ECHO, request.echo());
    fields.putExtensions(request.extra());
    return fields.fields;
  }

  /** Sampling fields that are not OpenAI's but that many servers have. */
  private void putExtensions(Map<String, @Nullable Object> extra) {
    put(RequestField.TOP_K, number(extra, RequestField.TOP_K, true));
    put(RequestField.MIN_P, number(extra, RequestField.MIN_P, false));
    putUnless(
        1.0,
        RequestField.REPETITION_PENALTY,
        number(extra, RequestField.REPETITION_PENALTY, false));
  }

  private static @Nullable Number number(
      Map<String, @Nullable Object> extra, RequestField field, boolean whole) {
    Object value = extra.get(field.jsonName());
    if (value == null) {
      return null;
    }
    if (value instanceof Number number) {
      if (!whole) {
        return number.doubleValue();
      }
      try {
        return new BigDecimal(number.toString()).intValueExact();
      } catch (ArithmeticException | NumberFormatException e) {
        throw wrongType(field, "an integer of 32 bits", e);
      }
    }
    throw wrongType(field, whole ? "an integer" : "a number", null);
  }

  private static InvalidRequestException wrongType(
      RequestField field, String expected, @Nullable Throwable cause) {
    return new InvalidRequestException(
        400,
        "invalid_type",
        field.jsonName(),
        "Invalid type for '%s': expected %s.".formatted(field.jsonName(), expected),
        cause);
  }

  private void put(RequestField field, @Nullable Object value) {
    if (value != null) {
      fields.put(field, value);
    }
  }

  private void putUnless(Object neutral, RequestField field, @Nullable Object value) {
    boolean changesNothing =
        neutral.equals(value)
            || (value instanceof Double number
                && neutral instanceof Double zero
                && number.doubleValue() == zero.doubleValue())
            || (value instanceof Collection<?> collection && collection.isEmpty());
    put(field, changesNothing ? null : value);
  }
}
