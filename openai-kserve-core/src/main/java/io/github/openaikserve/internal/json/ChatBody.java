package io.github.openaikserve.internal.json;

import io.github.openaikserve.openai.CreateChatCompletionRequest;

/**
 * The body of a chat request. Immutable.
 *
 * @param legacyFunctions whether the client sent {@code functions}, which the request has as tools,
 *     and expects a {@code function_call}
 */
public record ChatBody(CreateChatCompletionRequest request, boolean legacyFunctions) {}
