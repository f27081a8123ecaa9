package io.github.openaikserve.internal.answer;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.answer.call.AnswerMetadata;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.ChatPreparation;
import io.github.openaikserve.internal.request.Prepared;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.List;
import java.util.function.Consumer;

/**
 * A request that is answered by a chat, of any API. Used for one answer.
 *
 * @param <C> a chunk of a streamed answer
 * @param <A> a whole answer
 */
public interface ChatForm<C, A> extends AnswerForm<C, A> {

  /** Returns the form of a chat completion. */
  static ChatForm<ChatCompletionChunk, ChatCompletion> of(
      CreateChatCompletionRequest request, boolean legacyFunctions) {
    return new PlainChat(request, legacyFunctions);
  }

  /** Returns the kind of call. */
  CallKind kind();

  /** Returns the chat request. */
  CreateChatCompletionRequest chat();

  /**
   * Prepares the generations for a route. By default, one chat is one generation.
   *
   * @param chat the chat request, after the hook for chat requests
   * @throws InvalidRequestException naming the field that is invalid or not supported
   */
  default Prepared prepared(Route route, CreateChatCompletionRequest chat) {
    return ChatPreparation.of(route, chat, legacyFunctions());
  }

  /** Returns whether the client sent {@code functions} and expects a {@code function_call}. */
  default boolean legacyFunctions() {
    return false;
  }

  /** Returns the JSON names of the request's fields that have no effect. */
  default List<String> droppedParams(Prepared prepared) {
    return prepared.droppedParams();
  }

  /** Returns a copy of a chat's failure with the names of this API's fields. */
  default InvalidRequestException renamed(InvalidRequestException failure) {
    return failure;
  }

  /** A request of the chat completions API. */
  record PlainChat(CreateChatCompletionRequest chat, boolean legacyFunctions)
      implements ChatForm<ChatCompletionChunk, ChatCompletion> {
    @Override
    public CallKind kind() {
      return CallKind.CHAT;
    }

    @Override
    public String idPrefix() {
      return "chatcmpl-";
    }

    @Override
    public AnswerSink chunks(AnswerMetadata head, Consumer<? super ChatCompletionChunk> output) {
      return new ChatChunkSink(head, output);
    }

    @Override
    public AnswerSink whole(AnswerMetadata head, Consumer<? super ChatCompletion> output) {
      return Accumulator.chat(head, output);
    }
  }
}
