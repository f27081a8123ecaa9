package io.github.openaikserve.internal.answer;

import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an answer before its first token. Immutable.
 *
 * @param id the id of the answer, such as {@code chatcmpl-5f0c}
 * @param created seconds since 1970
 * @param model the name the caller used
 * @param choices how many choices it has
 * @param includeUsage whether a stream ends with a chunk that has the usage
 * @param legacyFunctions whether tool calls have the form of {@code function_call}
 * @param echoes the text that precedes each choice; empty for none
 * @param droppedParams the JSON names of the request's fields that have no effect
 * @param promptTokens counts the tokens of the prompt by the route's counter, which may estimate
 * @param serviceTier the tier that serves the request; null unless the request names one
 * @param metadata that of the request; empty if it has none
 */
public record AnswerHead(
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
