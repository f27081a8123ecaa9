package io.github.openaikserve.internal.model;

import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ReasoningFormat;
import io.github.openaikserve.chat.ToolCallFormat;
import org.jspecify.annotations.Nullable;

/**
 * How a model chats. Immutable.
 *
 * @param toolCalls how it writes calls of tools; null when it makes none
 * @param reasoning how it sets its reasoning apart; null when it has none, or when it is to stay in
 *     the text
 * @param emulatesResponseFormat whether a wanted shape of the answer is asked for in the prompt and
 *     checked, where the server has no tensor for it
 */
public record ChatStyle(
    ChatTemplate template,
    @Nullable ToolCallFormat toolCalls,
    @Nullable ReasoningFormat reasoning,
    boolean emulatesResponseFormat) {}
