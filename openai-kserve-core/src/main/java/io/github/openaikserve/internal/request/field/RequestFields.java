package io.github.openaikserve.internal.request.field;

import io.github.openaikserve.dialect.FieldHandling;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.GenerationRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields that are set by a request and by the defaults of its model. Not thread-safe.
 *
 * <p>Values without effect, such as {@code n: 1} or a text format, are ignored. Numbers are still
 * sent if there is a tensor for them, because the server's default may differ.
 */
public final class RequestFields {
  private static final Map<RequestKind, Map<String, RequestField>> BY_NAME = byName();

  /**
   * Takes precedence over {@code max_tokens}. Completion requests have a field only for {@code
   * max_tokens}.
   */
  private static final String NEWER_NAME = "max_completion_tokens";

  private final Route route;
  private final RequestKind kind;
  private final Map<RequestField, Object> values = new EnumMap<>(RequestField.class);
  private final Set<RequestField> given = EnumSet.noneOf(RequestField.class);
  private final Set<RequestField> defaulted = EnumSet.noneOf(RequestField.class);
  private final Map<RequestField, String> names = new EnumMap<>(RequestField.class);
  private final List<String> ignored = new ArrayList<>();
  private final Map<String, FieldHandling> others = new LinkedHashMap<>();
  private final List<String> unknown = new ArrayList<>();

  private RequestFields(Route route, RequestKind kind) {
    this.route = route;
    this.kind = kind;
  }

  /** Returns the values by field; the map may be changed. */
  public Map<RequestField, Object> values() {
    return values;
  }

  /** Returns the JSON names of the request's fields that have no effect. */
  public List<String> ignored() {
    return ignored;
  }

  /** Returns the handling of the fields of other servers' APIs, by their JSON names. */
  Map<String, FieldHandling> others() {
    return others;
  }

  /** Returns the names of the fields that are unknown in all APIs. */
  List<String> unknown() {
    return unknown;
  }

  /** Returns the JSON name with which the request sets a field. */
  String name(RequestField field) {
    return names.getOrDefault(field, field.jsonName());
  }

  /** Returns whether the request itself sets a field, even to a value without effect. */
  public boolean isRequested(RequestField field) {
    return given.contains(field) && !defaulted.contains(field);
  }

  /**
   * Returns the fields of a chat request.
   *
   * @param tools the tools that the answer may call
   * @throws InvalidRequestException naming an extra field with an invalid value
   */
  public static RequestFields of(
      Route route, CreateChatCompletionRequest request, List<ChatCompletionTool> tools) {
    var fields = new RequestFields(route, RequestKind.CHAT);
    fields.put(RequestField.MAX_TOKENS, request.tokenLimit());
    fields.putSampling(request);
    fields.putUnless(false, RequestField.LOGPROBS, request.logprobs());
    fields.put(RequestField.TOP_LOGPROBS, request.topLogprobs());
    fields.put(RequestField.REASONING_EFFORT, request.reasoningEffort());
    fields.putUnless(
        Map.of("type", "text"), RequestField.RESPONSE_FORMAT, request.responseFormat());
    fields.putUnless(List.of(), RequestField.TOOLS, request.tools() == null ? null : tools);
    fields.put(RequestField.TOOL_CHOICE, request.toolChoice());
    fields.put(RequestField.PARALLEL_TOOL_CALLS, request.parallelToolCalls());
    fields.putExtra(request.extra());
    fields.putDefaults();
    RequestCheck.conflicts(route, fields);
    fields.useResponseFormat();
    return fields;
  }

  /**
   * Returns the fields of a completion request.
   *
   * @throws InvalidRequestException naming an extra field with an invalid value
   */
  public static RequestFields of(Route route, CreateCompletionRequest request) {
    var fields = new RequestFields(route, RequestKind.COMPLETION);
    fields.put(RequestField.MAX_TOKENS, request.maxTokens());
    fields.putSampling(request);
    fields.putCompletion(request);
    fields.putExtra(request.extra());
    fields.putDefaults();
    fields.values.putIfAbsent(RequestField.MAX_TOKENS, request.tokenLimit());
    RequestCheck.conflicts(route, fields);
    return fields;
  }

  /** Puts the fields that chats and completions have in common. */
  private void putSampling(GenerationRequest request) {
    put(RequestField.TEMPERATURE, request.temperature());
    put(RequestField.TOP_P, request.topP());
    put(RequestField.SEED, request.seed());
    put(RequestField.STOP, request.stop());
    putUnless(1, RequestField.N, request.n());
    putUnless(0.0, RequestField.PRESENCE_PENALTY, request.presencePenalty());
    putUnless(0.0, RequestField.FREQUENCY_PENALTY, request.frequencyPenalty());
    putUnless(Map.of(), RequestField.LOGIT_BIAS, request.logitBias());
    put(RequestField.STREAM_OPTIONS, request.streamOptions());
  }

  private void putCompletion(CreateCompletionRequest request) {
    Integer bestOf = request.bestOf();
    if (bestOf != null) { // 0 and 1 have no effect
      putUnless(1, RequestField.BEST_OF, Math.max(1, bestOf));
    }
    if (request.logprobs() != null) {
      put(RequestField.LOGPROBS, true);
      put(RequestField.TOP_LOGPROBS, request.logprobs());
    }
    putUnless("", RequestField.SUFFIX, request.suffix());
    putUnless(false, RequestField.ECHO, request.echo());
  }

  /** Returns the field with a JSON name in any kind of request; null for none. */
  static @Nullable RequestField named(String name) {
    return BY_NAME.values().stream()
        .map(fields -> fields.get(name))
        .filter(field -> field != null)
        .findFirst()
        .orElse(null);
  }

  /** Returns the field with a JSON name in one kind of request; null for none. */
  static @Nullable RequestField named(RequestKind kind, String name) {
    return BY_NAME.getOrDefault(kind, Map.of()).get(name);
  }

  /** Adds the fields without an accessor. */
  private void putExtra(Map<String, @Nullable Object> extra) {
    Map<String, RequestField> known = BY_NAME.getOrDefault(kind, Map.of());
    extra.forEach(
        (name, value) -> {
          RequestField field = known.get(name);
          if (value == null || isNoLimit(name, value)) {
            ignored.add(name);
          } else if (field == null) {
            putOther(name, value);
          } else if (given.contains(field) && !name.equals(NEWER_NAME)) {
            throw InvalidRequestException.badValue(
                name,
                "invalid_value",
                "Invalid '%s': the request sets this field twice, under different names. Set it once."
                    .formatted(name));
          } else {
            names.put(field, name.equals(NEWER_NAME) ? field.jsonName() : name);
            putOptional(field, FieldValues.extra(field, name, value));
          }
        });
  }

  /** Returns whether the value is llama.cpp's token limit that means no limit. */
  private static boolean isNoLimit(String name, Object value) {
    return name.equals("n_predict") && value instanceof Number number && number.intValue() == -1;
  }

  private void putOther(String name, Object value) {
    FieldHandling handling = ForeignFields.handling(name, value);
    if (handling == null) {
      unknown.add(name);
    } else {
      others.put(name, handling);
    }
  }

  private void putDefaults() {
    route
        .defaults()
        .forEach(
            (field, value) -> {
              if (field.kinds().contains(kind) && !given.contains(field)) {
                defaulted.add(field);
                putOptional(field, value);
              }
            });
  }

  /** Converts a JSON constraint to {@code response_format} if the dialect supports only that. */
  private void useResponseFormat() {
    boolean possible =
        route.requireDialect().carries(RequestField.RESPONSE_FORMAT)
            || route.chat().emulatesResponseFormat();
    if (possible
        && !route.requireDialect().carries(RequestField.STRUCTURED_OUTPUTS)
        && values.get(RequestField.STRUCTURED_OUTPUTS) instanceof Map<?, ?> outputs) {
      Map<String, Object> format = StructuredOutputs.responseFormat(outputs);
      if (format != null) {
        names.put(RequestField.RESPONSE_FORMAT, name(RequestField.STRUCTURED_OUTPUTS));
        values.remove(RequestField.STRUCTURED_OUTPUTS);
        values.put(RequestField.RESPONSE_FORMAT, format);
      }
    }
  }

  private void putOptional(RequestField field, Object value) {
    putUnless(DefaultValues.of(field), field, value);
  }

  private void put(RequestField field, @Nullable Object value) {
    if (value != null) {
      given.add(field);
      values.put(field, value);
    }
  }

  /** Sets a field, unless its value has no effect. */
  private void putUnless(Object none, RequestField field, @Nullable Object value) {
    if (changesNothing(none, value)
        && !(value instanceof Number && route.requireDialect().carries(field))) {
      given.add(field);
      ignored.add(name(field));
    } else {
      put(field, value);
    }
  }

  private static boolean changesNothing(Object none, @Nullable Object value) {
    return none.equals(value)
        || (value instanceof Double number
            && none instanceof Double zero
            && number.doubleValue() == zero.doubleValue())
        || (value instanceof Collection<?> collection && collection.isEmpty())
        || (value instanceof int[] tokens && tokens.length == 0);
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
}
