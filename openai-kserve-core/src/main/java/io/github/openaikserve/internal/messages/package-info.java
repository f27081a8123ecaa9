/**
 * Anthropic's Messages API, implemented with chats. {@link
 * io.github.openaikserve.internal.messages.MessageChat} converts blocks and tools to a chat. {@link
 * io.github.openaikserve.internal.messages.MessageSink} converts the model's output to blocks and
 * events.
 */
@NullMarked
package io.github.openaikserve.internal.messages;

import org.jspecify.annotations.NullMarked;
