/**
 * Anthropic's Messages API. Converts blocks and tools to a chat, and the answer to blocks and
 * events.
 */
@NullMarked
package io.github.openaikserve.internal.messages;

import org.jspecify.annotations.NullMarked;
