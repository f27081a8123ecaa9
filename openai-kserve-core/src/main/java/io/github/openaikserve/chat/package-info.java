/**
 * Chat templates, the detection of tool call and reasoning formats, and token counters.
 *
 * <p>A template renders a conversation as a prompt. A format finds tool calls or reasoning in the
 * generated text. This package does not depend on tensors or HTTP. Start with {@link
 * io.github.openaikserve.chat.ChatTemplates}.
 */
@NullMarked
package io.github.openaikserve.chat;

import org.jspecify.annotations.NullMarked;
