package io.github.openaikserve.internal.answer;

import java.util.List;

/**
 * The data of an answer made of tensors that is known before its first call. Immutable.
 *
 * @param id the id of the answer, such as {@code rerank-5f0c}
 * @param created seconds since 1970
 * @param model the model's name in the request
 * @param droppedParams the JSON names of the request's fields that have no effect
 */
record BatchHead(String id, long created, String model, List<String> droppedParams) {}
