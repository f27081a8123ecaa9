/**
 * The Responses API over chats: {@link io.github.openaikserve.internal.responses.ResponseChat}
 * turns a request into a chat ({@code ResponseConversation} the items, {@code ResponseTools} the
 * tools), and {@link io.github.openaikserve.internal.responses.ResponseSink} turns what the model
 * writes into items and events.
 */
@NullMarked
package io.github.openaikserve.internal.responses;

import org.jspecify.annotations.NullMarked;
