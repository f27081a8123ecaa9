package io.github.openaikserve.langchain4j;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import io.github.openaikserve.ChatCompletions;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The settings of a chat model. Immutable. */
record ChatSettings(
    ChatCompletions chats,
    ChatRequestParameters defaults,
    Set<Capability> capabilities,
    Consumer<CreateChatCompletionRequest.Builder> change,
    List<ChatModelListener> listeners,
    Executor executor) {
  ChatSettings {
    listeners = List.copyOf(listeners);
  }
}
