/**
 * Chat templates, the detection of tool call and reasoning formats, and token counters.
 *
 * <p>A template renders a conversation as a prompt. The formats that a template implies are
 * detected here. Their markers and the parser of generated text are in {@code chat.format}. This
 * package does not depend on tensors or HTTP. Start with {@link
 * io.github.openaikserve.chat.ChatTemplates}.
 */
@NullMarked
package io.github.openaikserve.chat;

import org.jspecify.annotations.NullMarked;
