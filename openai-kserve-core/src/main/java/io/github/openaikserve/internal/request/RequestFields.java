package io.github.openaikserve.internal.request;

import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks of a generation, apart from what changes nothing: a penalty of 0, one answer,
 * text as the format. Not thread-safe.
 */
public final class RequestFields {
  private static final Map<RequestKind, Map<String, RequestField>> BY_NAME = byName();

  private final Map<RequestField, Object> values = new EnumMap<>(RequestField.class);
  private final List<String> neutral = new ArrayList<>();

  private RequestFields() {}

  /** What is asked for; to be added to. */
  public Map<RequestField, Object> values() {
    return values;
  }

  /** The JSON names of the fields that are there and change nothing. */
  public List<String> neutral() {
    return neutral;
  }

  public static RequestFields of(CreateChatCompletionRequest request, ToolChoice tools) {
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
    fields.put(RequestField.TOP_LOGPROBS, request.topLogprobs());
    fields.put(RequestField.REASONING_EFFORT, request.reasoningEffort());
    fields.putUnless(
        Map.of("type", "text"), RequestField.RESPONSE_FORMAT, request.responseFormat());
    fields.put(RequestField.STREAM_OPTIONS, request.streamOptions());
    fields.putUnless(List.of(), RequestField.TOOLS, request.tools() == null ? null : tools.tools());
    fields.put(RequestField.TOOL_CHOICE, request.toolChoice());
    fields.put(RequestField.PARALLEL_TOOL_CALLS, request.parallelToolCalls());
    fields.putExtra(RequestKind.CHAT, request.extra());
    return fields;
  }

  public static RequestFields of(CreateCompletionRequest request) {
    var fields = new RequestFields();
    fields.put(RequestField.MAX_TOKENS, request.tokenLimit());
    fields.put(RequestField.TEMPERATURE, request.temperature());
    fields.put(RequestField.TOP_P, request.topP());
    fields.put(RequestField.SEED, request.seed());
    fields.putUnless(1, RequestField.N, request.n());
    Integer bestOf = request.bestOf();
    if (bestOf != null) { // 0 and 1 are no choice
      fields.putUnless(1, RequestField.BEST_OF, Math.max(1, bestOf));
    }
    fields.putUnless(0.0, RequestField.PRESENCE_PENALTY, request.presencePenalty());
    fields.putUnless(0.0, RequestField.FREQUENCY_PENALTY, request.frequencyPenalty());
    fields.putUnless(Map.of(), RequestField.LOGIT_BIAS, request.logitBias());
    if (request.logprobs() != null) {
      fields.put(RequestField.LOGPROBS, true);
      fields.put(RequestField.TOP_LOGPROBS, request.logprobs());
    }
    fields.putUnless("", RequestField.SUFFIX, request.suffix());
    fields.putUnless(false, RequestField.ECHO, request.echo());
    fields.put(RequestField.STREAM_OPTIONS, request.streamOptions());
    fields.putExtra(RequestKind.COMPLETION, request.extra());
    return fields;
  }

  /** Fields without a place of their own in the record; those nobody knows change nothing. */
  private void putExtra(RequestKind kind, Map<String, @Nullable Object> extra) {
    Map<String, RequestField> known = BY_NAME.getOrDefault(kind, Map.of());
    extra.forEach(
        (name, value) -> {
          RequestField field = known.get(name);
          if (field == null || value == null) {
            neutral.add(name);
          } else if (!values.containsKey(field)) {
            putExtra(field, name, value);
          }
        });
  }

  private void putExtra(RequestField field, String name, Object value) {
    switch (field) {
      case TOP_K, MIN_TOKENS -> put(field, ExtraValues.integer(name, value));
      case MIN_P -> put(field, ExtraValues.decimal(name, value));
      case REPETITION_PENALTY -> putUnless(1.0, field, ExtraValues.decimal(name, value));
      case SKIP_SPECIAL_TOKENS -> putUnless(true, field, ExtraValues.bool(name, value));
      case IGNORE_EOS -> putUnless(false, field, ExtraValues.bool(name, value));
      case STOP_TOKEN_IDS -> putUnlessEmpty(field, ExtraValues.integers(name, value));
      case CHAT_TEMPLATE_KWARGS -> putUnless(Map.of(), field, ExtraValues.object(name, value));
      case VERBOSITY -> putUnless("medium", field, value);
      case MODALITIES -> putUnless(List.of("text"), field, value);
      case TOOLS -> neutral.add(name); // the older form, which the record has as tools
      default -> putUnless(false, field, value);
    }
  }

  private void put(RequestField field, @Nullable Object value) {
    if (value != null) {
      values.put(field, value);
    }
  }

  private void putUnlessEmpty(RequestField field, int[] value) {
    if (value.length == 0) {
      neutral.add(field.jsonName());
    } else {
      put(field, value);
    }
  }

  private void putUnless(Object none, RequestField field, @Nullable Object value) {
    boolean changesNothing =
        none.equals(value)
            || (value instanceof Double number
                && none instanceof Double zero
                && number.doubleValue() == zero.doubleValue())
            || (value instanceof Collection<?> collection && collection.isEmpty());
    if (changesNothing) {
      neutral.add(field.jsonName());
    } else {
      put(field, value);
    }
  }

  private static Map<RequestKind, Map<String, RequestField>> byName() {
    Map<RequestKind, Map<String, RequestField>> byName = new EnumMap<>(RequestKind.class);
    for (RequestField field : RequestField.values()) {
      for (RequestKind kind : field.kinds()) {
        field
            .jsonNames()
            .forEach(name -> byName.computeIfAbsent(kind, k -> new HashMap<>()).put(name, field));
      }
    }
    return byName;
  }

  /** Says that a field of the request is not what it has to be. */
  public static InvalidRequestException wrongType(
      String name, String expected, @Nullable Throwable cause) {
    return new InvalidRequestException(
        400,
        "invalid_type",
        name,
        "Invalid type for '%s': expected %s.".formatted(name, expected),
        cause);
  }
}
