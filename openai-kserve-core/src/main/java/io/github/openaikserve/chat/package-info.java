/**
 * Messages to prompt: how a conversation is written down for a model that continues text.
 *
 * <p>Here live chat templates and the counting of tokens. No tensor and no HTTP ever does. Begin
 * with {@link io.github.openaikserve.chat.ChatTemplates}.
 */
@NullMarked
package io.github.openaikserve.chat;

import org.jspecify.annotations.NullMarked;
