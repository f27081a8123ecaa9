package io.github.openaikserve.internal.json.read;

import io.github.openaikserve.openai.CreateChatCompletionRequest;

/**
 * The body of a chat completion request. Immutable.
 *
 * @param legacyFunctions whether the client sent {@code functions}, which are tools in the request,
 *     and expects a {@code function_call}
 */
public record ChatBody(CreateChatCompletionRequest request, boolean legacyFunctions) {
  static ChatBody read(JsonObject json) {
    CreateChatCompletionRequest request = GenerationRequestReader.chat(json);
    return new ChatBody(request, json.node("functions") != null && json.node("tools") == null);
  }
}
