/**
 * Chat templates, formats of tool calls and reasoning, and token counters.
 *
 * <p>A template renders a conversation as a prompt. A format finds tool calls or reasoning in the
 * generated text. Nothing in this package depends on tensors or HTTP. Begin with {@link
 * io.github.openaikserve.chat.ChatTemplates}.
 */
@NullMarked
package io.github.openaikserve.chat;

import org.jspecify.annotations.NullMarked;
