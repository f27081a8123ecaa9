package io.github.openaikserve.internal.answer.call;

import io.github.openaikserve.internal.request.Prepared;
import io.github.openaikserve.internal.request.RenderedPrompt;
import io.github.openaikserve.openai.GenerationRequest;
import io.github.openaikserve.openai.StreamOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The data of an answer that is known before its first token. Immutable.
 *
 * @param id the id of the answer, such as {@code chatcmpl-5f0c}
 * @param created seconds since 1970
 * @param model the model's name in the request
 * @param droppedParams the JSON names of the request's fields that have no effect
 * @param choices the number of choices
 * @param includeUsage whether a stream ends with a chunk that contains the usage
 * @param legacyFunctions whether tool calls use the legacy field {@code function_call}
 * @param echoes the text that precedes each choice; empty for none
 * @param promptTokens counts the tokens of the prompt with the route's counter, which may be an
 *     estimate
 * @param serviceTier the tier that serves the request; null unless the request sets one
 * @param metadata the request's metadata; empty if it has none
 */
public record AnswerMetadata(
    String id,
    long created,
    String model,
    List<String> droppedParams,
    int choices,
    boolean includeUsage,
    boolean legacyFunctions,
    List<String> echoes,
    IntSupplier promptTokens,
    @Nullable String serviceTier,
    Map<String, @Nullable Object> metadata) {
  /** The only service tier. */
  private static final String DEFAULT_TIER = "default";

  /** Creates the data of an answer made of tensors. */
  public AnswerMetadata(String id, long created, String model, List<String> droppedParams) {
    this(id, created, model, droppedParams, 1, false, false, List.of(), () -> 0, null, Map.of());
  }

  /** Returns a copy for generated text. */
  public AnswerMetadata withText(
      Prepared prepared, GenerationRequest request, List<String> echoes) {
    StreamOptions options = request.streamOptions();
    return new AnswerMetadata(
        id,
        created,
        model,
        droppedParams,
        prepared.choices(),
        options != null && Boolean.TRUE.equals(options.includeUsage()),
        prepared.plan().legacyFunctions(),
        echoes,
        () -> RenderedPrompt.of(prepared, List.of()).countTokens(),
        request.extra().get("service_tier") == null ? null : DEFAULT_TIER,
        metadata(request.extra().get("metadata")));
  }

  /** Returns the metadata of a request; empty if it is not an object. */
  private static Map<String, @Nullable Object> metadata(@Nullable Object value) {
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> entries) {
      entries.forEach((name, entry) -> metadata.put(String.valueOf(name), entry));
    }
    return metadata;
  }
}
