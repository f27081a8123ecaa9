package io.github.openaikserve.langchain4j;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatModelStreamingEvent;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.github.openaikserve.OpenAiKServe;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Flow;

/**
 * A chat model with streamed answers, over a service in this process. Thread-safe.
 *
 * <p>Handlers run on the executor of the model, one call per handler at a time, and may block: a
 * slow handler slows the model server down. They receive text, thinking, partial tool calls,
 * complete tool calls, and at the end the complete response with its {@link
 * KServeChatResponseMetadata}.
 *
 * <p>{@code StreamingHandle.cancel()} cancels the call; the handler is not called again. If a
 * handler throws, the call is cancelled and {@code onError} receives the exception. {@code onError}
 * also receives all other failures, including those of the request, mapped as by {@link
 * KServeChatModel}.
 */
public final class KServeStreamingChatModel implements StreamingChatModel {
  private final ChatSettings settings;

  private KServeStreamingChatModel(ChatSettings settings) {
    this.settings = settings;
  }

  /** Returns a builder of models. Closing the service remains the caller's responsibility. */
  public static Builder builder(OpenAiKServe openai) {
    return new Builder(openai);
  }

  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    new AnswerStream(settings, request).subscribe(new HandlerCall(handler));
  }

  /**
   * Returns the events of the answer. Each subscription makes a new call. Its demand reaches the
   * model server, and cancelling it cancels the call. LangChain4j calls this from version 1.20 on.
   */
  @Override
  public Flow.Publisher<ChatModelStreamingEvent> doChat(ChatRequest request) {
    return new EventPublisher(new AnswerStream(settings, request));
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return settings.defaults();
  }

  @Override
  public List<ChatModelListener> listeners() {
    return settings.listeners();
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return settings.capabilities();
  }

  /** A builder of models. Not thread-safe. */
  public static final class Builder extends ChatModelBuilder<Builder> {
    private Builder(OpenAiKServe openai) {
      super(openai);
    }

    /** Builds the model. */
    public KServeStreamingChatModel build() {
      return new KServeStreamingChatModel(settings());
    }
  }
}
