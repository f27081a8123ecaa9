package io.github.openaikserve.internal.http;

import io.github.openaikserve.internal.responses.ConversationService;
import io.github.openaikserve.internal.responses.ResponseService;
import org.jspecify.annotations.Nullable;

/**
 * The services of the API that can use a store. Immutable.
 *
 * @param conversations null if there is no store
 */
public record StoredApi(ResponseService responses, @Nullable ConversationService conversations) {}
