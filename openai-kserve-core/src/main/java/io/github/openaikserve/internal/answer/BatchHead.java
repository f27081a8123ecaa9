package io.github.openaikserve.internal.answer;

import java.util.List;

/**
 * What is known of an answer of tensors before its first call. Immutable.
 *
 * @param id the id of the answer, such as {@code rerank-5f0c}
 * @param created seconds since 1970
 * @param model the name the caller used
 * @param droppedParams the JSON names of the request's fields that have no effect
 */
record BatchHead(String id, long created, String model, List<String> droppedParams) {}
