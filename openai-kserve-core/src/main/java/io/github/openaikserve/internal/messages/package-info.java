/**
 * Anthropic's Messages API: from its blocks and tools to a chat, and from the answer to blocks and
 * events.
 */
@NullMarked
package io.github.openaikserve.internal.messages;

import org.jspecify.annotations.NullMarked;
