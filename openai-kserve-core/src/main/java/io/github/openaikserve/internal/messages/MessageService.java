package io.github.openaikserve.internal.messages;

import io.github.openaikserve.anthropic.CreateMessageRequest;
import io.github.openaikserve.anthropic.Message;
import io.github.openaikserve.anthropic.MessageStreamEvent;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.GeneratedAnswer;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.request.RenderedPrompt;
import java.util.concurrent.CompletableFuture;

/** The service of the Messages API. Thread-safe. */
public final class MessageService {
  private final Engine engine;
  private final boolean rejectsHostedTools;

  /**
   * Creates a service that uses an engine.
   *
   * @param rejectsHostedTools whether tools that Anthropic hosts are rejected
   */
  public MessageService(Engine engine, boolean rejectsHostedTools) {
    this.engine = engine;
    this.rejectsHostedTools = rejectsHostedTools;
  }

  /**
   * Prepares the answer to a request.
   *
   * @param stream whether the answer is emitted while it is generated
   * @return fails with {@link InvalidRequestException}
   * @throws InvalidRequestException instead of returning a failed future
   */
  public CompletableFuture<GeneratedAnswer<MessageStreamEvent, Message>> answer(
      CreateMessageRequest request, boolean stream, CallContext context) {
    if (request.maxTokens() == null) {
      throw InvalidRequestException.badValue(
          "max_tokens", "missing_required_parameter", "Missing required parameter: 'max_tokens'.");
    }
    return engine.chat(chat(request), stream, context);
  }

  /**
   * Counts the tokens of the prompt that a request would send, with the model's counter.
   *
   * @return fails with {@link InvalidRequestException}
   * @throws InvalidRequestException instead of returning a failed future
   */
  public CompletableFuture<Integer> countTokens(CreateMessageRequest request, CallContext context) {
    return engine.prompt(chat(request), context).thenApply(RenderedPrompt::countTokens);
  }

  private MessageChat chat(CreateMessageRequest request) {
    return MessageChat.of(request, rejectsHostedTools);
  }
}
