package io.github.openaikserve.internal.http;

import io.github.openaikserve.internal.responses.ConversationService;
import io.github.openaikserve.internal.responses.ResponseService;
import org.jspecify.annotations.Nullable;

/**
 * The parts of the API that may store something. Immutable.
 *
 * @param conversations null without a store
 */
public record StoredApi(ResponseService responses, @Nullable ConversationService conversations) {}
