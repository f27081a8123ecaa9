package io.github.openaikserve.internal.answer;

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
 * @param choices the number of choices
 * @param includeUsage whether a stream ends with a chunk that contains the usage
 * @param legacyFunctions whether tool calls use the legacy field {@code function_call}
 * @param echoes the text that precedes each choice; empty for none
 * @param droppedParams the JSON names of the request's fields that have no effect
 * @param promptTokens counts the tokens of the prompt with the route's counter, which may be an
 *     estimate
 * @param serviceTier the tier that serves the request; null unless the request sets one
 * @param metadata the request's metadata; empty if it has none
 */
public record AnswerMetadata(
    String id,
    long created,
    String model,
    int choices,
    boolean includeUsage,
    boolean legacyFunctions,
    List<String> echoes,
    List<String> droppedParams,
    IntSupplier promptTokens,
    @Nullable String serviceTier,
    Map<String, @Nullable Object> metadata) {}
