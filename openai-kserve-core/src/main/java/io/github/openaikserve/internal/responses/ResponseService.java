package io.github.openaikserve.internal.responses;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.GeneratedAnswer;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.responses.CreateResponseRequest;
import io.github.openaikserve.openai.responses.Response;
import io.github.openaikserve.openai.responses.ResponseStreamEvent;
import java.util.concurrent.CompletableFuture;

/** The Responses API over an engine. Thread-safe. */
public final class ResponseService {
  private final Engine engine;
  private final ResponseChat.Settings settings;

  /** Creates the API over an engine. */
  public ResponseService(Engine engine, ResponseChat.Settings settings) {
    this.engine = engine;
    this.settings = settings;
  }

  /**
   * Prepares a response.
   *
   * @param stream whether it is emitted while it is generated
   * @return fails with {@link InvalidRequestException}
   * @throws InvalidRequestException in place of a future that fails
   */
  public CompletableFuture<GeneratedAnswer<ResponseStreamEvent, Response>> respond(
      CreateResponseRequest request, boolean stream, CallContext context) {
    checkStateless(request);
    CreateResponseRequest stateless = request.toBuilder().store(false).build();
    return engine.chat(ResponseChat.of(stateless, settings), stream, context);
  }

  private static void checkStateless(CreateResponseRequest request) {
    if (request.previousResponseId() != null) {
      throw needsStore("previous_response_id");
    }
    if (request.conversation() != null) {
      throw needsStore("conversation");
    }
    if (Boolean.TRUE.equals(request.background())) {
      throw needsStore("background");
    }
  }

  private static InvalidRequestException needsStore(String param) {
    return InvalidRequestException.badValue(
        param,
        "unsupported_parameter",
        "Unsupported parameter: '%s'. This server does not store responses; send 'store': false, and all items of the conversation in 'input'."
            .formatted(param));
  }
}
