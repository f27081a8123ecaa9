package io.github.openaikserve.internal.answer;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.ChatPreparation;
import io.github.openaikserve.internal.request.Prepared;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.List;

/**
 * A request of another API that is answered by a chat. Used for one answer.
 *
 * @param <C> a chunk of a streamed answer
 * @param <A> a whole answer
 */
public interface ChatForm<C, A> {
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

  /** Returns the sinks of the answer. */
  AnswerKind<C, A> answers();

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
}
