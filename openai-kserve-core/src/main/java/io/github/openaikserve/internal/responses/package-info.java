/**
 * The Responses API, implemented with chats. {@link
 * io.github.openaikserve.internal.responses.ResponseChat} converts a request to a chat: {@code
 * ResponseConversation} converts the items, {@code ResponseTools} the tools. {@link
 * io.github.openaikserve.internal.responses.ResponseSink} converts the model's output to items and
 * events.
 *
 * <p>Stored responses, conversations and background responses are here too: {@code TurnReader}
 * reads what a request continues, {@code GuardedStore} wraps the store, {@code BackgroundResponses}
 * runs responses without a waiting caller.
 */
@NullMarked
package io.github.openaikserve.internal.responses;

import org.jspecify.annotations.NullMarked;
