package io.github.openaikserve.internal.json.read;

import io.github.openaikserve.openai.CreateChatCompletionRequest;

/**
 * The body of a chat completion request. Immutable.
 *
 * @param legacyFunctions whether the client sent {@code functions} or {@code function_call} without
 *     {@code tools}, and expects a {@code function_call}. Functions are tools in the request
 * @param legacyChoice whether the client sent {@code function_call}, which is the tool choice in
 *     the request
 */
public record ChatBody(
    CreateChatCompletionRequest request, boolean legacyFunctions, boolean legacyChoice) {
  static ChatBody read(JsonObject json) {
    CreateChatCompletionRequest request = GenerationRequestReader.chat(json);
    boolean legacyChoice = json.node("function_call") != null && json.node("tool_choice") == null;
    boolean legacy = json.node("functions") != null || legacyChoice;
    return new ChatBody(request, legacy && json.node("tools") == null, legacyChoice);
  }
}
