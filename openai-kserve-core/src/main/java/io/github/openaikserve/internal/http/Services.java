package io.github.openaikserve.internal.http;

import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.messages.MessageService;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.responses.ConversationService;
import io.github.openaikserve.internal.responses.ResponseService;
import org.jspecify.annotations.Nullable;

/**
 * The services behind the API. Immutable.
 *
 * @param conversations null if there is no store
 */
public record Services(
    Engine engine,
    ModelRegistry registry,
    ResponseService responses,
    @Nullable ConversationService conversations,
    MessageService messages) {}
