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
  static ChatForm<ChatCompletionChunk, ChatCompletion> of(CreateChatCompletionRequest request) {
    return of(request, false, false);
  }

  /**
   * Returns the form of a chat completion.
   *
   * @param legacyFunctions whether the client sent {@code functions} instead of tools
   * @param legacyChoice whether the client sent {@code function_call} instead of a tool choice
   */
  static ChatForm<ChatCompletionChunk, ChatCompletion> of(
      CreateChatCompletionRequest request, boolean legacyFunctions, boolean legacyChoice) {
    return new PlainChat(request, legacyFunctions, legacyChoice);
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
  record PlainChat(CreateChatCompletionRequest chat, boolean legacyFunctions, boolean legacyChoice)
      implements ChatForm<ChatCompletionChunk, ChatCompletion> {
    private static final String TOOLS = "tools";
    private static final String CHOICE = "tool_choice";

    /** Returns a copy of a failure with the legacy names, if the client used them. */
    @Override
    public InvalidRequestException renamed(InvalidRequestException failure) {
      String param = failure.param();
      if (param == null || param.equals(sent(param))) {
        return failure;
      }
      String message = String.valueOf(failure.getMessage()).replace("'" + param, "'" + sent(param));
      return new InvalidRequestException(
          failure.status(),
          failure.code(),
          sent(param),
          isChoice(param) ? message.replace("'" + TOOLS + "'", "'" + sent(TOOLS) + "'") : message,
          failure);
    }

    /** Returns the name with which the client sent a field, which may be a path. */
    private String sent(String param) {
      if (legacyChoice && isChoice(param)) {
        return "function_call" + param.substring(CHOICE.length());
      }
      boolean tools = param.equals(TOOLS) || param.startsWith(TOOLS + "[");
      return legacyFunctions && tools
          ? "functions" + param.substring(TOOLS.length()).replace("].function.", "].")
          : param;
    }

    private static boolean isChoice(String param) {
      return param.equals(CHOICE) || param.startsWith(CHOICE + ".");
    }

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
